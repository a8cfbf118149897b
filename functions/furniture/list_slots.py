"""GET /slots: when furniture can be brought to an address."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from functions.furniture.freight import serves
from functions.furniture.slots import Window, offers
from shared.errors import Invalid
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.address import Country

ZipCode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]


class FreeSlot(Answer):
    """A slot with room for `free` more deliveries; the window is local time."""

    slot_id: str
    date: str
    window: Window
    free: int


class FreeSlots(Items):
    """All free slots of a region, earliest first; never more than one page."""

    items: list[FreeSlot]


def list_slots(zip_code: ZipCode, country: Country, db: Database, now: datetime) -> FreeSlots:
    """Return the free slots of the next two weeks; Invalid for a country to which no furniture is brought."""
    if not serves(country):
        raise Invalid(("country", "no furniture is brought to this country"))
    free = [offer for offer in offers(db, country, zip_code, now) if offer.free]
    return FreeSlots(
        items=[
            FreeSlot.model_validate(
                {"slot_id": each.slot_id, "date": each.day, "window": each.window, "free": each.free}
            )
            for each in free
        ]
    )
