"""What other services say of one order: two mugs and a chair, two shipments; and how it is told to the service."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from functions.order_management.record_order_fact import record_order_fact
from functions.order_management.record_payment_fact import record_payment_fact
from functions.order_management.record_refund import record_refund
from functions.order_management.record_returned_goods import record_returned_goods
from functions.order_management.record_shipment_fact import record_shipment_fact
from shared.events import Envelope, Event, event_class
from shared.events.envelope import wrap
from shared.events.order import OrderActionRequired, OrderConfirmed, OrderHeld, OrderRefused
from shared.events.payment import PaymentCaptured
from shared.events.priced_order import (
    Buyer,
    FraudDecision,
    FraudInputs,
    FraudReason,
    PricedLine,
    PricedOrder,
    ShippingCharge,
)
from shared.events.shipment import (
    ShipmentDelivered,
    ShipmentDispatched,
    ShipmentLine,
    ShipmentPlanned,
    ShipmentStopped,
)
from shared.storage import Database
from shared.values.address import Address
from shared.values.money import Money

ORDER = "ord_01JD0000000000000000000001"
START = datetime(2026, 11, 20, 8, tzinfo=UTC)
HOME = Address(street_address="1 Example Street", city="Mountain View", state="CA", country="US", zip_code="94043")
APPROVE = FraudDecision(decision="approve", score=5, model_version="2026-11")
REVIEW = FraudDecision(
    decision="review", score=70, reasons=(FraudReason(code="new_card", points=70),), model_version="2026-11"
)
SILENT = FraudDecision(decision="review", score=None, reasons=(FraudReason(code="fraud_silent", points=0),))


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def line(sku: str, quantity: int, price: str, **others: object) -> PricedLine:
    net = usd(price) * quantity
    fields = {
        "sku": sku,
        "name": f"The {sku}",
        "quantity": quantity,
        "fulfilment": "parcel",
        "weight_g": 400,
        "unit_price": usd(price),
        "discount": usd("0.00"),
        "rounding": usd("0.00"),
        "tax": net.apportion([1, 9])[0],
        "tax_rate": "0.1",
        **others,
    }
    fields.setdefault("total", net - fields["discount"] + fields["rounding"] + fields["tax"])
    return PricedLine.model_validate(fields)


def priced(
    *lines: PricedLine,
    charges: tuple[ShippingCharge, ...] = (),
    fraud: FraudDecision = APPROVE,
    order_id: str = ORDER,
    customer_id: str = "cus_ada",
    placed_at: datetime = START,
) -> PricedOrder:
    def add(parts: list[Money]) -> Money:
        return sum(parts, usd("0.00"))

    shipping_tax = add([charge.tax for charge in charges])
    shipping = add([charge.net for charge in charges])
    return PricedOrder(
        order_id=order_id,
        customer=Buyer(id=customer_id, email="ada@example.com", first_name="Ada", last_name="Lovelace", tier="bronze"),
        currency="USD",
        lines=lines,
        shipping_charges=charges,
        subtotal=add([each.unit_price * each.quantity for each in lines]),
        discount=add([each.discount for each in lines]),
        rounding=add([each.rounding for each in lines]),
        shipping=shipping,
        shipping_tax=shipping_tax,
        tax=add([each.tax for each in lines]) + shipping_tax,
        total=add([each.total for each in lines]) + shipping + shipping_tax,
        shipping_address=HOME,
        billing_address=HOME,
        fraud=fraud,
        placed_at=placed_at,
    )


MUGS_AND_CHAIR = (line("MUG-1", 2, "10.00"), line("CHAIR-1", 1, "80.00"))  # 110.00 with tax


def two_lines(fraud: FraudDecision = APPROVE, **others: object) -> PricedOrder:
    return priced(*MUGS_AND_CHAIR, fraud=fraud, **others)  # type: ignore[arg-type]


def confirmed(**others: object) -> OrderConfirmed:
    order = two_lines(**others)
    return OrderConfirmed(order_id=order.order_id, order=order)


def action_required(**others: object) -> OrderActionRequired:
    order = two_lines(**others)
    return OrderActionRequired(order_id=order.order_id, order=order)


def held(
    fraud: FraudDecision = REVIEW, expires: timedelta = timedelta(days=7), order_id: str = ORDER, **others: object
) -> OrderHeld:
    order = two_lines(fraud, order_id=order_id, **others)
    inputs = FraudInputs(
        order_id=order_id,
        customer_id=order.customer.id,
        email=order.customer.email,
        customer_since=START,
        total=order.total,
        skus=("MUG-1", "CHAIR-1"),
        shipping_address=HOME,
        billing_address=HOME,
        card_fingerprint="fp_1",
        placed_at=order.placed_at,
    )
    return OrderHeld(
        order_id=order_id, order=order, fraud_inputs=inputs, authorization_expires_at=order.placed_at + expires
    )


def refused(code: str = "payment_declined", **others: object) -> OrderRefused:
    return OrderRefused.model_validate(
        {"order_id": ORDER, "code": code, "detail": "The card was declined.", "currency": "USD", **others}
    )


def _part(number: int) -> dict[str, object]:
    """The first shipment holds the mugs (22.00), the second the chair (88.00)."""
    sku, quantity, net, tax = (("MUG-1", 2, "20.00", "2.00"), ("CHAIR-1", 1, "80.00", "8.00"))[number - 1]
    held_line = ShipmentLine(sku=sku, name=sku, quantity=quantity, net=usd(net), tax=usd(tax), tax_rate="0.1")
    return {
        "order_id": ORDER,
        "shipment_id": shipment_id(number),
        "fulfilment": "parcel",
        "location": "reno-us",
        "lines": (held_line,),
        "goods_net": usd(net),
        "goods_tax": usd(tax),
        "shipping_net": usd("0.00"),
        "shipping_tax": usd("0.00"),
        "total": usd(net) + usd(tax),
        "customer_id": "cus_ada",
    }


def shipment_id(number: int) -> str:
    return f"shp_01JD0000000000000000000001-{number}"


def planned(number: int) -> ShipmentPlanned:
    return ShipmentPlanned.model_validate({**_part(number), "parcels": 1})


def dispatched(number: int) -> ShipmentDispatched:
    return ShipmentDispatched.model_validate(
        {
            **_part(number),
            "tracking_number": f"T{number}",
            "carrier": "c",
            "email": "ada@example.com",
            "first_name": "Ada",
            "shipping_address": HOME,
        }
    )


def delivered(number: int) -> ShipmentDelivered:
    return ShipmentDelivered.model_validate(_part(number))


def stopped(number: int) -> ShipmentStopped:
    return ShipmentStopped(order_id=ORDER, shipment_id=shipment_id(number), reason="cancelled")


def captured(number: int) -> PaymentCaptured:
    part = _part(number)
    return PaymentCaptured.model_validate(
        {
            "order_id": ORDER,
            "shipment_id": part["shipment_id"],
            "payment_id": "pay_1",
            "amount": part["total"],
            "gateway": "sandbox",
        }
    )


def told(event: Event, minute: int, event_id: str | None = None) -> Envelope:
    """Wrap an event that happened `minute` minutes after eight."""
    at = START + timedelta(minutes=minute)
    return wrap(event, event_id=event_id or f"evt_{minute:03d}", source="/test", at=at, traceparent=None)


def hear(db: Database, envelope: Envelope, now: datetime = START) -> None:
    """Deliver an envelope to the function whose row wants its type."""
    event = event_class(envelope.type).model_validate(envelope.data)
    record = HEARS.get(envelope.type) or HEARS[envelope.type.partition(".")[0]]
    db.transact(lambda tx: record(event, envelope, tx, now))


HEARS: dict[str, Callable[..., None]] = {
    "order": record_order_fact,
    "shipment": record_shipment_fact,
    "payment": record_payment_fact,
    "shipment.returned": record_returned_goods,
    "shipment.return_lapsed": record_returned_goods,
    "payment.refunded": record_refund,
    "payment.refund_failed": record_refund,
}
