"""POST /returns/{return_id}/receive: what came back, and whether it can be sold again."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from functions.warehouse.returned import Arrival, Disposition, ExpectedReturn, ReturnAnswer, came, shown
from shared.errors import IllegalTransition, Invalid, NotFound
from shared.events.shipment import ShipmentReturned
from shared.http.models import Command
from shared.seed import read
from shared.storage import Transaction
from shared.values.clock import rfc3339
from shared.values.identifiers import Sku
from shared.values.money import total

ReturnId = Annotated[str, StringConstraints(pattern=r"^ret_[0-9A-Za-z-]{1,60}$")]


class ArrivedPieces(Command):
    """Pieces of a SKU: fit to be sold again, or kept apart."""

    sku: Sku
    quantity: int = Field(ge=1, le=100_000)
    disposition: Disposition


class ReceiveReturn(Command):
    """Who received what, and where."""

    by: str = Field(min_length=1, max_length=100)
    location: str = Field(min_length=1, max_length=50)
    lines: list[ArrivedPieces] = Field(min_length=1, max_length=200)


def receive_return(return_id: ReturnId, command: ReceiveReturn, tx: Transaction, now: datetime) -> ReturnAnswer:
    """Receive an expected return, once and never more than was authorized (Invalid).

    What did not come stays unrefunded; shipping is given back as authorized. The same goods told again are answered
    again, others are an IllegalTransition, and so is what comes for a return that has lapsed.
    """
    _check_location(command.location)
    expected = tx.get(ExpectedReturn, return_id)
    if expected is None:
        raise NotFound(f"no return {return_id} is expected")
    if expected.status == "lapsed":
        raise IllegalTransition(f"{return_id} lapsed at {rfc3339(expected.lapsed_at or now)}; authorize another return")
    arrivals = [Arrival(each.sku, each.quantity, each.disposition) for each in command.lines]
    received = tuple(came(expected.lines, arrivals, command.location))
    if expected.status == "received":
        if expected.received != received:
            raise IllegalTransition(f"{return_id} was received already, with other goods")
        return shown(expected)
    event = _returned(expected.model_copy(update={"received": received}))
    expected.status, expected.received, expected.received_by = "received", received, command.by
    expected.received_at, expected.total_minor = now, event.total.minor
    tx.put(expected)
    tx.emit(event, now)
    return shown(expected)


def _check_location(location: str) -> None:
    known = [each["location"] for each in read("locations")["locations"]]
    if location not in known:
        raise Invalid(("location", f"expected one of {', '.join(known)}"))


def _returned(expected: ExpectedReturn) -> ShipmentReturned:
    goods_net = total([line.net for line in expected.received], expected.currency)
    goods_tax = total([line.tax for line in expected.received], expected.currency)
    return ShipmentReturned(
        order_id=expected.order_id,
        return_id=expected.return_id,
        customer_id=expected.customer_id,
        lines=expected.received,
        seller=expected.seller,
        exchange_rate=expected.exchange_rate,
        goods_net=goods_net,
        goods_tax=goods_tax,
        shipping_net=expected.shipping_net,
        shipping_tax=expected.shipping_tax,
        total=goods_net + goods_tax + expected.shipping_net + expected.shipping_tax,
    )
