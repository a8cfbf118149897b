"""The dated tables of `tables/*.json`: each says what it is (`about`), whence (`source`) and of when (`as_of`)."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from shared.errors import Invalid

FOLDER = Path(__file__).parent / "tables"


class Row(BaseModel):
    """A part of a table; unknown keys are refused, so that a misspelt one is no silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class DatedRow(Row):
    """A row that holds from the beginning of `valid_from` (UTC) until the next one of the same thing begins."""

    valid_from: date


class Table(Row):
    """A whole file."""

    about: str
    source: str
    as_of: date


R = TypeVar("R", bound=DatedRow)
T = TypeVar("T", bound=BaseModel)


def read_table(kind: type[T], name: str) -> T:
    """Read `tables/<name>.json`; callers keep what they make of it for the life of the process."""
    return kind.model_validate_json((FOLDER / f"{name}.json").read_bytes())


def in_force(rows: Sequence[R], at: datetime) -> R:
    """Return the row in force at a moment (rows lie in the order of their dates); Invalid `at` before the first."""
    day = at.date()
    for row in reversed(rows):
        if row.valid_from <= day:
            return row
    raise Invalid(("at", f"expected a time from {rows[0].valid_from} on: no earlier rates are kept"))
