"""What people and the calendar do with orders beyond the explorer's stories, for functions that no story comes to."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

from shared.errors import Unavailable
from tests.explorer.stories import MUG, SUNGLASSES, Actor, Unanswered
from tests.functions.legacy_checkout.old_checkout import ID, Call, calls_of, pushed, send
from tests.in_process import basket

_ELSEWHERE = {"street_address": "2 Elm St", "city": "Cambridge", "state": "MA", "country": "US", "zip_code": 2139}
Deed = Callable[[Actor], None]


def scheduled(actor: Actor, service: str, function: str) -> None:
    """Run a scheduled function until it answers."""
    world = actor.world
    for _ in range(5):
        reply = world.guarded(lambda: world.ask("scheduler", "POST", f"/{service}/schedules/{function}"))
        if reply is not None and reply.status == 200:
            world.pump()
            return
    raise Unanswered(f"{service}.{function}: {reply}")


def shipped(actor: Actor, token: str = "tok_visa") -> str:
    """Place and ship; return the first shipment's id."""
    assert actor.place(payment={"token": token}) == "placed"
    actor.ship()
    return str(actor.shipments()[0]["shipment_id"])


def captured_by_hand(actor: Actor) -> None:
    shipment = shipped(actor, "tok_capture_fails_first")
    assert actor.insist("POST", f"/payment/captures/{shipment}/retry", {})[0] == 200


def captured_the_next_day(actor: Actor) -> None:
    shipped(actor, "tok_capture_fails_first")
    actor.world.time.jump(timedelta(days=1, minutes=5))
    scheduled(actor, "payment", "retry_refused")


def refund_asked_again(actor: Actor) -> None:
    shipped(actor, "tok_refund_fails")
    actor.wait(lambda: actor.status() == "delivered")
    actor.order("returns", lines=[{"sku": SUNGLASSES, "quantity": 1}])
    [goods] = actor.get(f"/order_management/orders/{actor.order_id}")["returns"]
    actor.wait(lambda: actor.order(f"returns/{goods['return_id']}/authorize")[0] == 200)
    came = {
        "by": "joe",
        "location": "newark-us",
        "lines": [{"sku": SUNGLASSES, "quantity": 1, "disposition": "restock"}],
    }
    actor.wait(lambda: actor.insist("POST", f"/warehouse/returns/{goods['return_id']}/receive", came)[0] == 200)
    actor.world.pump()
    actor.wait(lambda: actor.insist("POST", f"/payment/refunds/{goods['return_id']}/retry", {})[0] == 200)


def charged_back(actor: Actor) -> None:
    shipped(actor)
    told = {"chargeback_id": "cb-1", "order_id": actor.order_id, "reason": "fraudulent"}
    actor.wait(lambda: actor.insist("POST", "/payment/chargebacks", told)[0] == 200)
    actor.world.pump()


def paid_out(actor: Actor) -> None:
    shipped(actor)
    actor.world.time.jump(timedelta(days=1, hours=3))
    scheduled(actor, "payment", "pay_out")


def renewed(actor: Actor) -> None:
    assert actor.place() == "placed"
    actor.world.time.jump(timedelta(days=6, hours=12))
    scheduled(actor, "payment", "renew_authorizations")
    actor.ship()


def picked_short(actor: Actor) -> None:
    """A pair of sunglasses is not found in its place."""
    assert actor.place() == "placed"
    [shipment, *_] = actor.wait(actor.shipments)
    found = {"by": "joe", "lines": [{"sku": SUNGLASSES, "picked": 1}, {"sku": MUG, "picked": 1}]}
    actor.insist("POST", f"/warehouse/shipments/{shipment['shipment_id']}/picks", found)
    actor.world.minute()
    actor.ship()


def booked(actor: Actor) -> None:
    """A carrier takes the parcel, and is asked where it is."""
    assert actor.place() == "placed"
    [shipment, *_] = actor.wait(actor.shipments)
    path = f"/warehouse/shipments/{shipment['shipment_id']}"
    rate = actor.get(f"{path}/rates")["items"][0]["rate_id"]
    assert actor.insist("POST", f"{path}/book", {"rate_id": rate})[0] == 200
    scheduled(actor, "warehouse", "ask_carriers")
    actor.ship()


def _own_store(actor: Actor) -> None:
    """Own the analytical store from here to the end."""
    actor.world.own_warehouse()
    actor.world.own_warehouse = lambda: None  # type: ignore[method-assign]


def loaded(actor: Actor) -> None:
    shipped(actor)
    _own_store(actor)
    scheduled(actor, "data_warehouse", "load_events")


def checked(actor: Actor) -> None:
    shipped(actor)
    _own_store(actor)
    actor.world.time.jump(timedelta(minutes=2))
    scheduled(actor, "data_warehouse", "check_control_totals")


def mail_delayed(actor: Actor) -> None:
    """The carrier of mails is away while the order is placed."""
    away = Unavailable("no carrier")
    with patch("functions.notification.delivery._handed_over", side_effect=away):
        assert actor.place() == "placed"
    actor.world.minute()
    actor.ship()


def settled_by_itself(actor: Actor) -> None:
    """The gateway does not say how it ended, and the customer has gone."""
    body = basket(payment={"token": "tok_timeout"})
    headers = {"Idempotency-Key": "once"}
    actor.world.guarded(lambda: actor.world.ask("gke-checkout", "POST", "/checkout/orders", body, **headers))
    actor.world.time.sleep(5)
    scheduled(actor, "payment", "settle_unknown")
    actor.world.minute()


def old_checkout(actor: Actor) -> None:
    """The old checkout tells of an order in many calls, each repeated until it is answered; its parcel is seen."""
    message = next(call for call in calls_of() if call.is_message)
    for call in [*calls_of(), Call("POST", "/order_management/", pushed(message.body))]:
        _told(actor, call)
    actor.world.pump()
    actor.order_id = f"ord_{ID}"
    actor.ship()
    number = actor.shipments()[0]["tracking_number"]
    _told(actor, Call("POST", "/crm/orders", {"orderId": ID, "trackingId": "AB-12345-1234567"}))
    known = actor.world.get("/legacy_checkout/crm/customers")[0]
    _told(actor, Call("PUT", f"/crm/customers/{known['id']}", {"address": _ELSEWHERE}))
    _told(actor, Call("POST", "/partner/tracking", {"tracking_id": number, "status": "delivered"}))
    assert actor.status() == "delivered"


def _told(actor: Actor, call: Call) -> None:
    world = actor.world
    for _ in range(5):
        reply = world.guarded(lambda: send(world, call))
        if reply is not None and reply.status < 500:
            assert reply.status < 300, (call, reply)
            return
        world.minute()
    raise Unanswered(f"{call}: {reply}")


DEEDS: dict[str, Deed] = {
    "captured by hand": captured_by_hand,
    "captured the next day": captured_the_next_day,
    "refund asked again": refund_asked_again,
    "charged back": charged_back,
    "paid out": paid_out,
    "renewed": renewed,
    "picked short": picked_short,
    "booked": booked,
    "loaded": loaded,
    "checked": checked,
    "mail delayed": mail_delayed,
    "settled by itself": settled_by_itself,
    "the old checkout": old_checkout,
}
