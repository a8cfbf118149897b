"""From where to serve a destination: a table of preferences by country and state, nearest location first."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field

from shared.http.models import Command
from shared.values.address import Country
from shared.values.personal import PersonalText


class Destination(Command):
    """Where an order goes, as far as stock and freight need it."""

    country: Country
    state: str | None = Field(default=None, max_length=64)
    zip_code: PersonalText = Field(min_length=1, max_length=16)


def preferred(destination: Destination) -> tuple[str, ...]:
    """Return all locations in the order to serve a destination from: its own country's first, then the nearest."""
    return nearest(destination.country, state_code(destination))


def state_code(destination: Destination) -> str:
    """Return the state as the tables write it, empty without one."""
    return (destination.state or "").strip().upper()


@lru_cache(maxsize=512)
def nearest(country: str, state: str) -> tuple[str, ...]:
    """Return all locations in the order to serve a state (a code, or empty) of a country from."""
    for rule in preferences():
        if country in rule["countries"] and state in rule.get("states", [state]):
            return tuple(rule["prefer"])
    return tuple(preferences()[-1]["prefer"])


@lru_cache
def preferences() -> list[dict[str, Any]]:
    """Return the rules of `preferences.json`: the first that matches counts, the last is for everywhere else."""
    table = json.loads((Path(__file__).parent / "preferences.json").read_text(encoding="utf-8"))
    rules: list[dict[str, Any]] = table["rules"]
    return rules
