"""One order told by its events, figures worked out by hand: two mugs by parcel, a sofa by freight, 3 % off, 7.25 % tax.

    line     list      discount  net      tax     total        shipping  net     tax    total
    2 mugs    17.98     0.54      17.44    1.26    18.70        parcel     4.99   0.36    5.35
    1 sofa   499.00    14.97     484.03   35.09   519.12        freight   60.00   4.35   64.35
             516.98    15.51     501.47   36.35   537.82                  64.99   4.71   69.70   total 607.52

A mug had cost 3.50, the sofa 210.00.
"""

from datetime import UTC, datetime, timedelta

from shared.events import Envelope, Event
from shared.events.envelope import wrap
from shared.events.furniture import FurnitureCommitted, FurnitureReceived
from shared.events.inventory import CostedLine, InventoryCommitted, InventoryReceived
from shared.events.order import OrderApproved, OrderCancelled, OrderConfirmed
from shared.events.payment import PaymentCaptured
from shared.events.priced_order import Buyer, FraudDecision, PricedLine, PricedOrder, ShippingCharge
from shared.events.shipment import ShipmentDelivered, ShipmentDispatched, ShipmentLine
from shared.values.address import Address
from shared.values.money import Money

ORDER = "ord_01JD0000000000000000000001"
PARCEL, FREIGHT = "shp_01JD0000000000000000000001-1", "shp_01JD0000000000000000000001-2"
DRAFT = "inv_01JD0000000000000000000001"
PARCEL_INVOICE, FREIGHT_INVOICE = f"{DRAFT}-1", f"{DRAFT}-2"
START = datetime(2026, 11, 20, 8, tzinfo=UTC)
HOME = Address(street_address="1 Example Street", city="Mountain View", state="CA", country="US", zip_code="94043")
OFFICE = Address(street_address="9 Billing Road", city="Reno", state="NV", country="US", zip_code="89501")
PROFILE = {"customer_id": "cus_ada", "name": "Ada Lovelace", "email": "ada@example.com", "terms": "prepaid"}
PROFILE_ROUTE = ("GET", "/crm/customers/cus_ada/billing-profile")


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def told(event: Event, event_id: str, minutes: int = 0) -> Envelope:
    """The event in its envelope, so many minutes after the order was placed."""
    at = START + timedelta(minutes=minutes)
    return wrap(event, event_id=event_id, source="/test", at=at, traceparent=None)


LINES = (
    PricedLine(
        sku="MUG-1",
        name="Mug",
        quantity=2,
        fulfilment="parcel",
        weight_g=400,
        unit_price=usd("8.99"),
        discount=usd("0.54"),
        rounding=usd("0.00"),
        tax=usd("1.26"),
        tax_rate="0.0725",
        total=usd("18.70"),
    ),
    PricedLine(
        sku="FURN-001",
        name="Sofa",
        quantity=1,
        fulfilment="freight",
        weight_g=60000,
        unit_price=usd("499.00"),
        discount=usd("14.97"),
        rounding=usd("0.00"),
        tax=usd("35.09"),
        tax_rate="0.0725",
        total=usd("519.12"),
    ),
)
PRICED = PricedOrder(
    order_id=ORDER,
    customer=Buyer(id="cus_ada", email="ada@example.com", first_name="Ada", last_name="Lovelace", tier="silver"),
    currency="USD",
    lines=LINES,
    shipping_charges=(
        ShippingCharge(fulfilment="parcel", net=usd("4.99"), tax=usd("0.36"), tax_rate="0.0725"),
        ShippingCharge(fulfilment="freight", net=usd("60.00"), tax=usd("4.35"), tax_rate="0.0725"),
    ),
    subtotal=usd("516.98"),
    discount=usd("15.51"),
    rounding=usd("0.00"),
    shipping=usd("64.99"),
    shipping_tax=usd("4.71"),
    tax=usd("41.06"),
    total=usd("607.52"),
    shipping_address=HOME,
    billing_address=OFFICE,
    fraud=FraudDecision(decision="approve", score=5),
    placed_at=START,
)
MUGS = ShipmentLine(sku="MUG-1", name="Mug", quantity=2, net=usd("17.44"), tax=usd("1.26"), tax_rate="0.0725")
SOFA = ShipmentLine(sku="FURN-001", name="Sofa", quantity=1, net=usd("484.03"), tax=usd("35.09"), tax_rate="0.0725")
_PARTS = {
    PARCEL: ("parcel", MUGS, "4.99", "0.36", "24.05"),
    FREIGHT: ("freight", SOFA, "60.00", "4.35", "583.47"),
}


def confirmed() -> OrderConfirmed:
    return OrderConfirmed(order_id=ORDER, order=PRICED)


def approved() -> OrderApproved:
    return OrderApproved(order_id=ORDER, order=PRICED, by="ada", reason="known customer")


def cancelled() -> OrderCancelled:
    return OrderCancelled(order_id=ORDER, by="ada", reason="changed her mind")


def _part(shipment_id: str) -> dict[str, object]:
    fulfilment, line, shipping, shipping_tax, total = _PARTS[shipment_id]
    return {
        "order_id": ORDER,
        "shipment_id": shipment_id,
        "fulfilment": fulfilment,
        "location": "reno-us",
        "customer_id": "cus_ada",
        "lines": (line,),
        "goods_net": line.net,
        "goods_tax": line.tax,
        "shipping_net": usd(shipping),
        "shipping_tax": usd(shipping_tax),
        "total": usd(total),
    }


def dispatched(shipment_id: str = PARCEL) -> ShipmentDispatched:
    to = {"email": "ada@example.com", "first_name": "Ada", "shipping_address": HOME}
    return ShipmentDispatched.model_validate(
        {**_part(shipment_id), **to, "tracking_number": "T1", "carrier": "parcelco"}
    )


def delivered(shipment_id: str = PARCEL) -> ShipmentDelivered:
    return ShipmentDelivered.model_validate(_part(shipment_id))


def captured(shipment_id: str = PARCEL) -> PaymentCaptured:
    total = usd(_PARTS[shipment_id][4])
    return PaymentCaptured(order_id=ORDER, shipment_id=shipment_id, payment_id="pay_1", amount=total, gateway="sandbox")


def mugs_received() -> InventoryReceived:
    return InventoryReceived(receipt_id="rcp_1", sku="MUG-1", location="reno-us", quantity=10, unit_cost=usd("3.50"))


def sofas_received() -> FurnitureReceived:
    return FurnitureReceived(
        receipt_id="rcp_2", sku="FURN-001", location="reno-us", quantity=2, unit_cost=usd("210.00")
    )


def mugs_committed() -> InventoryCommitted:
    line = CostedLine(sku="MUG-1", location="reno-us", quantity=2, unit_cost=usd("3.50"))
    return InventoryCommitted(order_id=ORDER, shipment_id=PARCEL, lines=(line,))


def sofa_committed() -> FurnitureCommitted:
    line = CostedLine(sku="FURN-001", location="reno-us", quantity=1, unit_cost=usd("210.00"))
    return FurnitureCommitted(order_id=ORDER, shipment_id=FREIGHT, lines=(line,))
