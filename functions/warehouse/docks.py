"""The docks of `docks.json`: where shipments of a location are handed over, and the company's number at GS1."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.errors import NotFound
from shared.values.address import Address


@dataclass(frozen=True)
class Dock:
    """A place of handing over; `extension` is the first digit of the numbers it gives to handling units."""

    location: str
    name: str
    extension: int
    address: Address


@lru_cache
def _table() -> Any:
    return json.loads((Path(__file__).parent / "docks.json").read_text(encoding="utf-8"))


def gs1_company_prefix() -> str:
    """Return the company's prefix in GS1 numbers."""
    return str(_table()["gs1_company_prefix"])


@lru_cache
def dock(location: str) -> Dock:
    """Return the dock of a location; NotFound for one from which nothing can be handed over."""
    row = _table()["docks"].get(location)
    if row is None:
        raise NotFound(f"{location} has no dock")
    return Dock(location, row["name"], row["extension"], Address.model_validate(row["address"]))
