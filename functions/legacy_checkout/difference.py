"""What differed between the old services and ours: one document a sighting, so that counting contends with nobody."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from shared.storage import Database, Document, Index, Transaction
from shared.values.clock import Timestamp
from shared.values.identifiers import new_id

KEPT = timedelta(days=30)
FAULTS: dict[int, str] = {
    1: "Stock counts up at each sale, and quantity is ignored",
    2: "An order reaches accounting and warehouse twice: by call and by message",
    3: "The data warehouse receives each order two or three times",
    4: "Order management answers 200 whatever failed",
    5: "Accounting adds unit prices without quantity, over currencies, in floats",
    6: "Rows of nulls: publisher and reader differ on the shape of an order",
    7: "Promised routes are missing; latency is scored as risk",
    8: "The card is charged, and shipping or message never came",
    9: "The Azure port answers without authentication",
    10: "State is in memory, cut to 10, 20 or 50 rows",
    0: "Other differences",
}
"""The ten faults of the old receivers, by number; 0 is whatever else differs."""
Example = dict[str, str | int | None]


class Found(NamedTuple):
    """One sighting: which fault, where, and what was seen; never a name, an address or an e-mail address."""

    fault: int
    where: str
    example: Example


class Difference(Document):
    """A sighting as it is kept."""

    collection: ClassVar[str] = "differences"
    key_field: ClassVar[str] = "difference_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("fault", "found_at"),)
    ttl_field: ClassVar[str | None] = "forgotten_at"

    difference_id: str
    fault: int
    where: str
    example: Example
    found_at: Timestamp
    forgotten_at: Timestamp


def note(db: Database, found: Iterable[Found], now: datetime) -> None:
    """Keep sightings; nothing is written if there are none."""
    kept = [
        Difference(
            difference_id=new_id("dif", now),
            fault=each.fault,
            where=each.where,
            example=each.example,
            found_at=now,
            forgotten_at=now + KEPT,
        )
        for each in found
    ]

    def work(tx: Transaction) -> None:
        for each in kept:
            tx.create(each)

    if kept:
        db.transact(work)
