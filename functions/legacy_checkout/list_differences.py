"""GET /differences: what shadow mode found, by fault, with counts and examples; a page by `Accept: text/html`."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from functions.legacy_checkout.difference import FAULTS, Difference, Example
from functions.legacy_checkout.old_services import OldServices
from shared.http.models import Answer
from shared.storage import Database
from shared.values.clock import Timestamp

if TYPE_CHECKING:
    from jinja2 import Template

EXAMPLES = 5


class Seen(Answer):
    """One sighting."""

    where: str
    found_at: Timestamp
    example: Example


class FaultSeen(Answer):
    """One fault: how often it was seen in 30 days, and the newest examples."""

    fault: int
    about: str
    count: int
    examples: list[Seen]


class Differences(Answer):
    """All of them; `shadowed` are the receivers whose calls are passed on."""

    shadowed: list[str]
    items: list[FaultSeen]

    def to_html(self) -> str:
        """Return the page."""
        return _page().render(found=self)


def list_differences(db: Database, old: OldServices) -> Differences:
    """Return the ten faults and whatever else differs, also those that were not seen."""
    return Differences(shadowed=old.shadowed, items=[_seen(db, fault, about) for fault, about in FAULTS.items()])


def _seen(db: Database, fault: int, about: str) -> FaultSeen:
    newest = db.query(Difference, fault=fault, order_by="found_at", descending=True, limit=EXAMPLES).items
    return FaultSeen(
        fault=fault,
        about=about,
        count=db.aggregate(Difference, fault=fault, order_by="found_at").count,
        examples=[Seen(where=each.where, found_at=each.found_at, example=each.example) for each in newest],
    )


@lru_cache(maxsize=1)
def _page() -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415  (for the page only)

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("differences.html")
