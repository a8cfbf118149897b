"""Orders to plan and the reservations that tell where their goods lie."""

from typing import Any

from functions.warehouse.plan_shipments import plan_shipments
from shared.events.order import OrderApproved, OrderConfirmed
from shared.events.priced_order import Delivery, PricedOrder, ShippingCharge
from shared.storage import Database
from tests.functions.order_management.stories import ORDER, START, line, priced, usd
from tests.receipts import Recorded
from tests.scripted_calls import ScriptedCalls

NUMBER = ORDER.removeprefix("ord_")
INVENTORY = ("GET", f"/inventory/reservations/{ORDER}")
FURNITURE = ("GET", f"/furniture/reservations/{ORDER}")


def charge(fulfilment: str, net: str, tax: str) -> ShippingCharge:
    return ShippingCharge.model_validate(
        {"fulfilment": fulfilment, "net": usd(net), "tax": usd(tax), "tax_rate": "0.1"}
    )


def three_mugs_and_two_sofas() -> PricedOrder:
    """Three mugs for 10.00 less 0.01 from two places, two sofas; 5.00 for parcels, 100.00 for freight."""
    order = priced(
        line("MUG-1", 3, "3.34", discount=usd("0.01"), tax=usd("1.00")),
        line("FURN-1", 2, "500.00", fulfilment="freight", weight_g=60_000, tax=usd("100.00")),
        charges=(charge("parcel", "5.00", "0.50"), charge("freight", "100.00", "10.00")),
    )
    return order.model_copy(update={"delivery": Delivery(service_level="kerbside", slot_id="slot-1")})


def reserved(sku: str, *picks: tuple[str, int]) -> dict[str, Any]:
    return {
        "sku": sku,
        "quantity": sum(quantity for _, quantity in picks),
        "picks": [
            {"location": location, "quantity": quantity, "unit_cost": usd("1.00").as_json()}
            for location, quantity in picks
        ],
    }


def reservation(*lines: dict[str, Any], state: str = "firm") -> dict[str, Any]:
    return {"order_id": ORDER, "state": state, "expires_at": None, "lines": list(lines)}


def owners() -> ScriptedCalls:
    return ScriptedCalls(
        {
            INVENTORY: reservation(reserved("MUG-1", ("reno-us", 1), ("newark-us", 2))),
            FURNITURE: reservation(reserved("FURN-1", ("reno-us", 2))),
        }
    )


def confirmed(order: PricedOrder | None = None) -> OrderConfirmed:
    return OrderConfirmed(order_id=ORDER, order=order or three_mugs_and_two_sofas())


def approved(order: PricedOrder | None = None) -> OrderApproved:
    return OrderApproved(order_id=ORDER, order=order or three_mugs_and_two_sofas(), by="grace", reason="fine")


def plan(
    db: Database, event: OrderConfirmed | OrderApproved | None = None, call: ScriptedCalls | None = None
) -> Recorded:
    receipt = Recorded()
    plan_shipments(event or confirmed(), db, call or owners(), receipt, START)
    return receipt


def one_mug(db: Database) -> str:
    """Plan an order of one mug from one place; return its shipment's id."""
    call = ScriptedCalls({INVENTORY: reservation(reserved("MUG-1", ("reno-us", 1)))})
    plan(db, confirmed(priced(line("MUG-1", 1, "10.00"))), call)
    return f"shp_{NUMBER}-1"
