"""What an order's life keeps of each event: of what others say, and of what was decided here."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from functions.order_management.order import Charged, ChargedLine, Fact, Way
from shared.events import Envelope, Event
from shared.events.fraud import FraudScored
from shared.events.order import (
    OrderApproved,
    OrderCancelled,
    OrderReduced,
    OrderRefused,
    OrderRejected,
    OrderReturnAuthorized,
    OrderReturnRefunded,
    OrderReturnRejected,
    OrderReturnRequested,
    ReducedLine,
    WantedPieces,
)
from shared.events.payment import (
    PaymentCaptured,
    PaymentCaptureFailed,
    PaymentChargedBack,
    PaymentExpired,
    PaymentOwedBack,
    PaymentPrepaid,
    PaymentReauthorized,
    PaymentRefunded,
    PaymentRefundFailed,
    PaymentRepaid,
    PaymentVoided,
)
from shared.events.returned_goods import ReturnLine
from shared.events.shipment import (
    ShipmentDelivered,
    ShipmentDispatched,
    ShipmentLine,
    ShipmentPlanned,
    ShipmentReturned,
    ShipmentReturnLapsed,
    ShipmentScanned,
    ShipmentShorted,
    ShipmentStopped,
    ShortLine,
)
from shared.values.clock import rfc3339

ShipmentFact = (
    ShipmentPlanned | ShipmentDispatched | ShipmentScanned | ShipmentDelivered | ShipmentStopped | ShipmentShorted
)
PaymentFact = (
    PaymentCaptured
    | PaymentPrepaid
    | PaymentOwedBack
    | PaymentRepaid
    | PaymentCaptureFailed
    | PaymentVoided
    | PaymentReauthorized
    | PaymentExpired
    | PaymentChargedBack
)
_PAYMENT = (*PaymentFact.__args__, PaymentRefunded, PaymentRefundFailed)
_OF_AN_ORDER = (OrderApproved, OrderRejected, OrderCancelled, OrderReduced)
_OF_A_RETURN = (OrderReturnRequested, OrderReturnAuthorized, OrderReturnRejected)
_AT_SHIPMENT = ShipmentFact.__args__
TOLD_SCANS = ("out_for_delivery", "exception", "returned")
"""What a customer asks about. The other sightings are warehouse's to show: a parcel has many on its way."""


def heard(event: Event, envelope: Envelope) -> Fact:
    """Return the fact of an event as it came."""
    return Fact.model_validate({"type": event.type, "id": envelope.id, "at": envelope.time, **told(event)})


def told(event: Event) -> dict[str, Any]:
    """Return what an order's life needs of this kind of event, beside its type, id and time."""
    if isinstance(event, OrderRefused):
        return {"reason": event.code}
    if isinstance(event, FraudScored):
        return {"reason": event.fraud.decision}
    if isinstance(event, _AT_SHIPMENT):
        return {"shipment_id": event.shipment_id, **_of_shipment(event)}
    if isinstance(event, _PAYMENT):
        return {"amount_minor": event.amount.minor, **_of_payment(event)}
    return _of_decision(event)


def _of_decision(event: Event) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if isinstance(event, (*_OF_AN_ORDER, *_OF_A_RETURN)):
        said = {"by": event.by, "reason": event.reason}
    if isinstance(event, (*_OF_A_RETURN, ShipmentReturned, ShipmentReturnLapsed, OrderReturnRefunded)):
        said["ref"] = event.return_id
    if isinstance(event, OrderReduced):
        said["ref"] = event.reduction_id
    if isinstance(event, OrderReduced | OrderReturnRequested | ShipmentReturned):
        said["pieces"] = pieces(event.lines)
    if isinstance(event, OrderReduced | ShipmentReturned | OrderReturnRefunded):
        said["amount_minor"] = event.total.minor
    if isinstance(event, OrderReturnRequested) and event.amounts is not None:
        said["amount_minor"] = event.amounts.total.minor
    return said


def _of_payment(event: Event) -> dict[str, Any]:
    match event:
        case PaymentCaptured():
            return {"shipment_id": event.shipment_id}
        case PaymentCaptureFailed():
            return {"shipment_id": event.shipment_id, "reason": event.decline_code}
        case PaymentChargedBack():
            return {"reason": event.reason, "ref": event.chargeback_id}
        case PaymentRefunded() | PaymentRefundFailed():
            refused = {"reason": event.decline_code} if isinstance(event, PaymentRefundFailed) else {}
            return {"ref": event.return_id, **refused}
        case PaymentOwedBack() | PaymentRepaid():
            repaid = {"by": event.by, "reason": event.reference} if isinstance(event, PaymentRepaid) else {}
            return {"ref": event.cause, **repaid}
    return {}


def _of_shipment(event: Event) -> dict[str, Any]:
    match event:
        case ShipmentDispatched():
            way = Way(fulfilment=event.fulfilment, location=event.location, tracking_number=event.tracking_number)
            return {"pieces": pieces(event.lines), "way": way}
        case ShipmentDelivered():
            return {"pieces": pieces(event.lines), "charged": _charged(event)}
        case ShipmentShorted():
            way = Way(fulfilment=event.fulfilment, location=event.location)
            return {"pieces": pieces(event.lines), "way": way, "ref": event.short_id, "reason": event.resolution}
        case ShipmentScanned():
            seen = ", ".join(filter(None, (event.status, event.place)))
            moment = f"{event.tracking_number}.{event.status}.{rfc3339(event.scanned_at)}"
            return {"at": event.scanned_at, "reason": seen, "ref": moment}
        case ShipmentStopped():
            return {"reason": event.reason}
    return {}


def pieces(lines: Iterable[ShipmentLine | ShortLine | ReturnLine | ReducedLine | WantedPieces]) -> dict[str, int]:
    """Count pieces by SKU."""
    counted: Counter[str] = Counter()
    for line in lines:
        counted[line.sku] += line.quantity
    return dict(counted)


def told_pieces(wanted: dict[str, int] | None) -> tuple[WantedPieces, ...] | None:
    """Return how an event tells which pieces are wanted; None for all."""
    return None if wanted is None else tuple(WantedPieces(sku=sku, quantity=n) for sku, n in wanted.items())


def wanted_pieces(told: tuple[WantedPieces, ...] | None) -> dict[str, int] | None:
    """Return the pieces by SKU that an event tells; None for all."""
    return None if told is None else pieces(told)


def _charged(event: ShipmentDelivered) -> Charged:
    """Keep what was charged, a SKU's lines together: its pieces are the same goods."""
    lines: dict[str, ChargedLine] = {}
    for line in event.lines:
        known = lines.get(line.sku)
        lines[line.sku] = ChargedLine(
            sku=line.sku,
            quantity=line.quantity + (known.quantity if known else 0),
            net_minor=line.net.minor + (known.net_minor if known else 0),
            tax_minor=line.tax.minor + (known.tax_minor if known else 0),
            tax_rate=line.tax_rate,
            jurisdiction=line.jurisdiction,
        )
    return Charged(
        fulfilment=event.fulfilment,
        lines=tuple(lines.values()),
        shipping_net_minor=event.shipping_net.minor,
        shipping_tax_minor=event.shipping_tax.minor,
    )
