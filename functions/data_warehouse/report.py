"""The reports there are: a file each in `reports/`, in BigQuery's SQL, asked about the events up to `@until`.

Its first lines tell its title, what it is about and its columns.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "reports"


@dataclass(frozen=True)
class Report:
    """A question to the analytical store."""

    name: str
    title: str
    about: str
    columns: tuple[str, ...]
    sql: str


@lru_cache(maxsize=1)
def reports() -> dict[str, Report]:
    """Return all reports by name; ValueError for a file without its header lines."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.sql"))}


def _read(path: Path) -> Report:
    text = path.read_text(encoding="utf-8")
    *header, sql = text.split("\n", 3)
    marks = ("-- title: ", "-- about: ", "-- columns: ")
    if not all(line.startswith(mark) for line, mark in zip(header, marks, strict=True)):
        raise ValueError(f"{path.name} must begin with {marks}")
    title, about, columns = (line.removeprefix(mark) for line, mark in zip(header, marks, strict=True))
    return Report(path.stem, title, about, tuple(columns.split(", ")), sql)
