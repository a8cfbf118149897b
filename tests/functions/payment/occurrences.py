"""What payment hears of: shipments that leave or come back, and pieces that will not leave."""

from typing import Any

from shared.events import event_class
from shared.events.order import OrderReduced
from shared.events.shipment import ShipmentDispatched, ShipmentReturned
from shared.values.money import Money

ADDRESS = {"street_address": "1 Main St", "city": "Seattle", "country": "US", "zip_code": "98101"}


def dispatched(shipment_id: str, order_id: str, total: Money, seller: str | None = None) -> ShipmentDispatched:
    nothing = Money.zero(total.currency).as_json()
    return _made(
        "shipment.dispatched",
        {
            "order_id": order_id,
            "shipment_id": shipment_id,
            "fulfilment": "parcel",
            "location": "us-west",
            "lines": [],
            "goods_net": total.as_json(),
            "goods_tax": nothing,
            "shipping_net": nothing,
            "shipping_tax": nothing,
            "total": total.as_json(),
            "tracking_number": "T1",
            "carrier": "c",
            "customer_id": "cus_1",
            "email": "ada@example.com",
            "first_name": "Ada",
            "shipping_address": ADDRESS,
            "seller": seller,
        },
    )


def reduced(reduction_id: str, order_id: str, total: Money) -> OrderReduced:
    nothing = Money.zero(total.currency).as_json()
    line = {"location": "us-west", **_line("shp_1", total, nothing)}
    return _made(
        "order.reduced",
        {
            "order_id": order_id,
            "reduction_id": reduction_id,
            "by": "ada",
            "reason": "changed her mind",
            "lines": [line],
            "shipping_net": nothing,
            "shipping_tax": nothing,
            "total": total.as_json(),
        },
    )


def returned(
    return_id: str, order_id: str, lines: dict[str, str], shipping: str = "0.00", seller: str | None = None
) -> ShipmentReturned:
    """Pieces worth so many USD of each shipment come back; `shipping` is refunded, too."""
    nothing = Money.zero("USD").as_json()
    worth = {shipment: Money.of(amount, "USD") for shipment, amount in lines.items()}
    goods = sum(worth.values(), Money.zero("USD"))
    found = [
        {"location": "us-west", "disposition": "restock", **_line(shipment, amount, nothing)}
        for shipment, amount in worth.items()
    ]
    return _made(
        "shipment.returned",
        {
            "order_id": order_id,
            "return_id": return_id,
            "customer_id": "cus_1",
            "lines": found,
            "goods_net": goods.as_json(),
            "goods_tax": nothing,
            "shipping_net": Money.of(shipping, "USD").as_json(),
            "shipping_tax": nothing,
            "total": (goods + Money.of(shipping, "USD")).as_json(),
            "seller": seller,
        },
    )


def _line(shipment_id: str, net: Money, nothing: dict[str, str]) -> dict[str, Any]:
    return {
        "shipment_id": shipment_id,
        "fulfilment": "parcel",
        "sku": "6E92ZMYYFZ",
        "name": "Mug",
        "quantity": 1,
        "net": net.as_json(),
        "tax": nothing,
        "tax_rate": "0",
    }


def _made(kind: str, data: dict[str, Any]) -> Any:
    return event_class(kind).model_validate(data)
