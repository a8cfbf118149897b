"""What changes an order after it is placed: what warehouse answers to a cancellation, short picks, returns, refunds."""

from datetime import datetime, timedelta
from typing import Any

from functions.order_management.authorize_return import AuthorizeReturn, authorize_return
from functions.order_management.cancel_order import CancelOrder, cancel_order
from functions.order_management.order_answer import OrderAnswer
from functions.order_management.request_return import RequestReturn, request_return
from functions.order_management.returns import Return
from shared.events.payment import PaymentRefunded, PaymentRefundFailed
from shared.events.shipment import ShipmentReturned, ShipmentReturnLapsed, ShipmentShorted
from shared.storage import Database
from tests.functions.order_management.stories import ORDER, START, shipment_id, usd
from tests.scripted_calls import ScriptedCalls

STOP = ("POST", f"/warehouse/orders/{ORDER}/stop")
LATER = START + timedelta(hours=2)
GRACE = {"by": "grace", "reason": "called"}


def money(amount: str) -> dict[str, str]:
    return usd(amount).as_json()


def reduced_line(sku: str, quantity: int, net: str, tax: str, number: int) -> dict[str, Any]:
    return {
        "shipment_id": shipment_id(number),
        "location": "reno-us",
        "fulfilment": "parcel",
        "sku": sku,
        "name": f"The {sku}",
        "quantity": quantity,
        "net": money(net),
        "tax": money(tax),
        "tax_rate": "0.1",
    }


MUGS = reduced_line("MUG-1", 2, "20.00", "2.00", 1)
ONE_MUG = reduced_line("MUG-1", 1, "10.00", "1.00", 1)
CHAIR = reduced_line("CHAIR-1", 1, "80.00", "8.00", 2)


def stops(*lines: dict[str, Any], left: tuple[int, ...] = (), total: str = "0.00") -> dict[str, Any]:
    """Warehouse's answer: these pieces stay, these shipments had left."""
    return {
        "order_id": ORDER,
        "stopped": sorted({line["shipment_id"] for line in lines}),
        "already_left": [shipment_id(number) for number in left],
        "lines": list(lines),
        "shipping_net": money("0.00"),
        "shipping_tax": money("0.00"),
        "total": money(total),
    }


def cancel(db: Database, answer: Any, **changes: Any) -> OrderAnswer:
    """Cancel while warehouse answers this (or raises it); `changes` are of the command."""
    return cancel_order(ORDER, CancelOrder(**GRACE | changes), db, warehouse(answer), LATER)


def warehouse(answer: Any) -> ScriptedCalls:
    return ScriptedCalls({STOP: answer})


def pieces(**quantities: int) -> list[dict[str, Any]]:
    """`pieces(MUG=1)`: lines of a command; SKUs here end in -1."""
    return [{"sku": f"{name}-1", "quantity": quantity} for name, quantity in quantities.items()]


def shorted(number: int, sku: str, quantity: int, resolution: str = "dropped") -> ShipmentShorted:
    """So many mugs (11.00 each with tax) or chairs (88.00) were not found."""
    net = usd("10.00" if sku == "MUG-1" else "80.00") * quantity
    tax = net.apportion([1, 9])[0]
    line = {"sku": sku, "name": sku, "quantity": quantity, "net": net, "tax": tax, "tax_rate": "0.1"}
    return ShipmentShorted.model_validate(
        {
            "order_id": ORDER,
            "shipment_id": shipment_id(number),
            "short_id": f"sho_{number}",
            "fulfilment": "parcel",
            "location": "reno-us",
            "resolution": resolution,
            "lines": [line],
            "shipping_net": money("0.00"),
            "shipping_tax": money("0.00"),
            "total": net + tax,
        }
    )


def ask_to_return(db: Database, now: datetime = LATER, **changes: Any) -> OrderAnswer:
    command = RequestReturn(**GRACE | changes)
    return db.transact(lambda tx: request_return(ORDER, command, tx, now))


def authorize(db: Database, return_id: str, now: datetime = LATER) -> OrderAnswer:
    command = AuthorizeReturn(**GRACE)
    return db.transact(lambda tx: authorize_return(ORDER, return_id, command, tx, now))


def came_back(db: Database, return_id: str, **received: int) -> ShipmentReturned:
    """What warehouse says when all that was authorized came, or only these pieces of the lines: `MUG=1`."""
    goods = db.get(Return, return_id)
    assert goods is not None
    lines = []
    for line in goods.requested.lines:
        count = received.get(line.sku.removesuffix("-1"), 0) if received else line.quantity
        if count:
            net, tax = (sum(part.apportion([1] * line.quantity)[:count], usd("0.00")) for part in (line.net, line.tax))
            changed = {"quantity": count, "net": net, "tax": tax, "location": "reno-us", "disposition": "restock"}
            lines.append({**dict(line), **changed})
    goods_net, goods_tax = (sum((line[name] for line in lines), usd("0.00")) for name in ("net", "tax"))
    return ShipmentReturned.model_validate(
        {
            "order_id": ORDER,
            "return_id": return_id,
            "customer_id": "cus_ada",
            "lines": lines,
            "goods_net": goods_net,
            "goods_tax": goods_tax,
            "shipping_net": goods.requested.shipping_net,
            "shipping_tax": goods.requested.shipping_tax,
            "total": goods_net + goods_tax + goods.requested.shipping_net + goods.requested.shipping_tax,
        }
    )


def never_came(return_id: str) -> ShipmentReturnLapsed:
    return ShipmentReturnLapsed(order_id=ORDER, return_id=return_id, customer_id="cus_ada", expected_at=LATER)


def refunded(return_id: str, amount: str) -> PaymentRefunded:
    return PaymentRefunded(
        order_id=ORDER, return_id=return_id, payment_id="pay_1", amount=usd(amount), gateway="sandbox"
    )


def refund_failed(return_id: str, amount: str) -> PaymentRefundFailed:
    return PaymentRefundFailed(
        order_id=ORDER, return_id=return_id, amount=usd(amount), gateway="sandbox", decline_code="card_closed"
    )
