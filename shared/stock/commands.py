"""What inventory and furniture are asked alike: the bodies of their commands."""

from typing import Annotated, Literal

from pydantic import Field

from shared.http.models import Command
from shared.stock.destinations import Destination
from shared.values.identifiers import OrderId, ShipmentId, Sku
from shared.values.money import Money

Location = Annotated[str, Field(min_length=1, max_length=64)]
"""The name of a location."""


Person = Annotated[str, Field(min_length=1, max_length=100)]
"""Who says so."""
Reason = Annotated[str, Field(min_length=1, max_length=200)]
"""Why, in the caller's own words."""
Pieces = Annotated[int, Field(ge=1, le=1_000_000)]
"""How many."""
StateAtRest = Literal["sellable", "quarantine", "damaged"]
"""What pieces at a location may be; those in transit change by transfers alone."""


class OrderedLine(Command):
    """So many pieces of a SKU."""

    sku: Sku
    quantity: Pieces


class ReserveStock(Command):
    """Hold pieces for an order that goes to `destination`. Lines of one SKU add up.

    `firm` holds them without a time limit from the start: the order is paid for already.
    """

    order_id: OrderId
    lines: list[OrderedLine] = Field(min_length=1, max_length=100)
    destination: Destination
    firm: bool = False


class ReleaseReservation(Command):
    """Give back what is held; `reason` is the caller's own and is kept with the reservation."""

    reason: Reason


class ReallocatePieces(Command):
    """So many pieces of a SKU, held for a shipment, were not at their location; `short_id` is the caller's own."""

    short_id: str = Field(pattern=r"^[0-9A-Za-z_-]{1,100}$")
    shipment_id: ShipmentId
    sku: Sku
    location: Location
    quantity: Pieces


class ReceiveStock(Command):
    """Goods that came in: so many pieces at a location and the net cost of one, in the valuation currency (USD)."""

    sku: Sku
    location: Location
    quantity: Pieces
    unit_cost: Money
