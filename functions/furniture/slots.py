"""Delivery slots: deliveries to one region in one window of a business day.

A region is a country and the first character of the zip code. A slot's id says it all: `us-9.2026-11-24.08-12`. One
document holds a region's day, so that the capacity of window and day are decided together; it exists from its first
booking, and bookings are kept by order, so booking twice is once.
"""

import re
from datetime import datetime
from typing import Literal, NamedTuple

from functions.furniture.delivery_calendar import business_days, day_capacity, window_capacity, windows
from shared.errors import Invalid, SlotTaken
from shared.stock.destinations import Destination
from shared.storage import Document, Index, Transaction
from shared.storage.database import Reader
from shared.values.clock import Timestamp

Window = Literal["08-12", "12-16", "16-20"]


class DeliveryDay(Document):
    """The bookings of one region and day (an ISO date), key `<region>.<day>`: by window, when each order booked."""

    collection = "delivery_days"
    indexes = (Index("region", "day"),)

    key: str
    region: str
    day: str
    bookings: dict[str, dict[str, Timestamp]] = {}

    def free(self, window: str) -> int:
        """How many more deliveries fit into a window: never more than into the day."""
        booked = sum(len(orders) for orders in self.bookings.values())
        in_window = window_capacity(self.region) - len(self.bookings.get(window, {}))
        return max(0, min(in_window, day_capacity(self.region) - booked))


def _day(region: str, day: str) -> DeliveryDay:
    return DeliveryDay(key=f"{region}.{day}", region=region, day=day)


class Offer(NamedTuple):
    """A slot that may be booked, with how many deliveries still fit."""

    slot_id: str
    day: str
    window: str
    free: int


def region(country: str, zip_code: str) -> str:
    """Return the region of an address: `us-9`, `nl-5`, `gb-s`; Invalid if the zip code has no letter or digit."""
    first = next((mark for mark in zip_code.lower() if mark.isascii() and mark.isalnum()), None)
    if first is None:
        raise Invalid(("zip_code", "expected a postal code with at least one letter or digit"))
    return f"{country.lower()}-{first}"


def offers(source: Reader, country: str, zip_code: str, now: datetime) -> list[Offer]:
    """Return every slot of a region in the order of time, full ones with `free` 0. In a transaction this is a hint."""
    area = region(country, zip_code)
    days = business_days(country, now.date())
    if not days:
        return []
    begun = source.query(DeliveryDay, region=area, order_by="day", since=days[0], until=days[-1], limit=200).items
    known = {each.day: each for each in begun}
    return [
        Offer(f"{area}.{day}.{window}", day, window, (known.get(day) or _day(area, day)).free(window))
        for day in days
        for window in windows()
    ]


def book(tx: Transaction, destination: Destination, slot_id: str | None, order_id: str, now: datetime) -> str:
    """Book the slot, or the first free one, and return its id.

    SlotTaken names the next free one (null if there is none); Invalid for what is no slot of this destination.
    """
    offered = {offer.slot_id: offer for offer in offers(tx, destination.country, destination.zip_code, now)}
    free = [offer.slot_id for offer in offered.values() if offer.free]
    if slot_id is not None and slot_id not in offered:
        _check_past(slot_id, next(iter(offered.values())))
    for candidate in free if slot_id is None else [slot_id]:
        if candidate in offered and _book(tx, candidate, order_id, now):
            return candidate
    others = [each for each in free if each != slot_id]
    later = [each for each in others if slot_id is not None and each > slot_id]
    raise SlotTaken(next_slot_id=next(iter(later or others), None))


def _check_past(slot_id: str, first: Offer) -> None:
    """Let pass what was offered until its day came too near, which is taken now; Invalid for anything else."""
    area = re.escape(first.slot_id.partition(".")[0])
    match = re.fullmatch(rf"{area}\.(\d{{4}}-\d\d-\d\d)\.({'|'.join(windows())})", slot_id, re.ASCII)
    if match is None or match[1] >= first.day:
        raise Invalid(("slot_id", f"expected a slot of this destination, such as {first.slot_id}"))


def _book(tx: Transaction, slot_id: str, order_id: str, now: datetime) -> bool:
    """Decide on the document itself."""
    area, date, window = slot_id.split(".")
    day = tx.get(DeliveryDay, f"{area}.{date}") or _day(area, date)
    booked = day.bookings.get(window, {})
    if order_id in booked:
        return True
    if not day.free(window):
        return False
    day.bookings = {**day.bookings, window: {**booked, order_id: now}}
    tx.put(day)
    return True


def give_back(tx: Transaction, slot_id: str, order_id: str) -> None:
    """Free what an order booked; nothing happens if it booked nothing."""
    key, _, window = slot_id.rpartition(".")
    day = tx.get(DeliveryDay, key)
    if day is not None and order_id in day.bookings.get(window, {}):
        kept = {order: at for order, at in day.bookings[window].items() if order != order_id}
        day.bookings = {**day.bookings, window: kept}
        tx.put(day)
