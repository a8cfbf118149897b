"""GET /differences: what shadow mode found, by fault, with counts and examples; the backoffice has the page."""

from functions.legacy_checkout.difference import FAULTS, Difference, Example
from functions.legacy_checkout.old_services import OldServices
from shared.http.models import Answer
from shared.storage import Database
from shared.values.clock import Timestamp

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
