"""What customers and people on duty do with an order, insisting until they are answered; and how each story may end."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.explorer.schedules import Schedule
from tests.explorer.world import World
from tests.in_process import basket

SUNGLASSES, MUG, CHAIR = "OLJCESPC7Z", "6E92ZMYYFZ", "FURN-004"
MIXED = [{"sku": SUNGLASSES, "quantity": 2}, {"sku": CHAIR, "quantity": 1}]
TOO_MANY = [{"sku": CHAIR, "quantity": 1}, {"sku": MUG, "quantity": 1000}] * 4
INSISTS = 25
GRACE = {"by": "grace", "reason": "the customer called"}
UNDONE = frozenset({"reservation_expired", "unavailable", "call_failed"})
"""How an order may end that the customer is authenticating: too late, or undone for a technical reason."""


class Unanswered(AssertionError):
    """Somebody insisted in vain."""


@dataclass
class Actor:
    """Those who deal with one order from outside."""

    world: World
    schedule: Schedule
    order_id: str = ""
    answers: list[tuple[int, Any]] = field(default_factory=list)
    """What was said to the placing of the order, each time it was final."""

    def insist(self, method: str, path: str, body: Any = None, caller: str = "operator", **headers: str) -> Any:
        """Ask until there is a final answer; returns status and JSON."""
        for _ in range(INSISTS):
            reply = self.world.guarded(lambda: self.world.ask(caller, method, path, body, **headers))
            if reply is not None and reply.status < 500:
                said = json.loads(reply.body or b"null")
                if reply.status < 400 or said["code"] != "in_progress":
                    return reply.status, said
            if reply is not None and b'"payment_unavailable"' in reply.body:
                return reply.status, json.loads(reply.body)
            self.world.minute()
        raise Unanswered(f"{method} {path}: {reply}")

    def get(self, path: str) -> Any:
        status, said = self.insist("GET", path)
        return said if status == 200 else None

    def place(self, **changes: Any) -> str:
        """Place the order, twice asked; returns `placed`, or the code of the refusal."""
        self.world.pump()
        mail = f"ada.{self.schedule.seed}.{self.world.time.now:%H%M%S%f}@{changes.pop('domain', 'example.com')}"
        customer = {"email": mail, "first_name": "Ada", "last_name": "Lovelace"}
        body = basket(customer=customer, **changes)
        headers = {"Idempotency-Key": mail}
        for _ in range(2):
            self.answers.append(self.insist("POST", "/checkout/orders", body, "gke-checkout", **headers))
        status, said = self.answers[0]
        if status != 201:
            return str(said["code"])
        self.order_id = said["order_id"]
        if self.world.strikes.has("poisoned"):
            self.world.guarded(lambda: self.world.elsewhere(lambda: self.world.poison(self.order_id)))
        self.world.pump()
        return "placed"

    def status(self) -> str:
        """What order_management says, once it says anything."""
        found = self.wait(lambda: self.get(f"/order_management/orders/{self.order_id}"))
        return str(found["status"])

    def wait(self, ask: Callable[[], Any]) -> Any:
        """Let minutes pass until there is something."""
        for _ in range(INSISTS):
            found = ask()
            if found:
                return found
            self.world.minute()
        raise Unanswered(f"waited in vain for {self.order_id}")

    def order(self, deed: str, **body: Any) -> tuple[int, Any]:
        answer: tuple[int, Any] = self.insist("POST", f"/order_management/orders/{self.order_id}/{deed}", GRACE | body)
        self.world.pump()
        return answer

    def shipments(self) -> list[Any]:
        return list(self.get(f"/warehouse/shipments?order_id={self.order_id}")["items"])

    def ship(self) -> None:
        """Send and deliver everything, once it is planned."""
        for step in ("dispatch", "deliver"):
            for shipment in self.wait(self.shipments):
                self.insist("POST", f"/warehouse/shipments/{shipment['shipment_id']}/{step}")
                self.world.pump()

    def scored(self) -> bool:
        """Whether a held order waits for people; one that fraud was silent about is scored first."""
        seen = self.get(f"/order_management/orders/{self.order_id}")
        return bool(seen) and (seen["status"] != "held" or seen["fraud"]["score"] is not None)


Story = Callable[[Actor], str]


def _shipped(actor: Actor, **changes: Any) -> str:
    outcome = actor.place(**changes)
    if outcome == "placed":
        actor.ship()
    return outcome


def _held(decide: Callable[[Actor], None]) -> Story:
    def story(actor: Actor) -> str:
        outcome = actor.place(domain="review.test")
        if outcome == "placed":
            actor.wait(actor.scored)
            decide(actor)
        return outcome

    return story


def _approve(actor: Actor) -> None:
    actor.order("approve")
    actor.ship()


def _overdue(actor: Actor) -> None:
    actor.world.time.jump(timedelta(hours=72))
    actor.wait(lambda: actor.status() == "rejected")


def _expires(actor: Actor) -> str:
    """The gateway takes so long that the goods are no longer held."""
    world = actor.world

    world.after["payment", "POST /authorizations"] = lambda: world.time.jump(timedelta(minutes=16))
    outcome = actor.place(items=MIXED)
    world.after.clear()
    return outcome


def _denied(actor: Actor) -> str:
    """If fraud was silent, the order is held, and rejected by itself once fraud answers."""
    outcome = actor.place(domain="deny.test")
    if outcome == "placed":
        actor.wait(lambda: actor.status() == "rejected")
    return outcome


def _authenticated(actor: Actor) -> str:
    """The bank wants to see the customer; what takes too long ends as if it were never done."""
    outcome = actor.place(payment={"token": "tok_3ds"})
    if outcome == "placed" and actor.insist("POST", f"/checkout/orders/{actor.order_id}/confirm")[0] == 200:
        actor.ship()
    return outcome


def _abandoned(actor: Actor) -> str:
    outcome = actor.place(payment={"token": "tok_3ds"})
    if outcome == "placed":
        actor.wait(lambda: actor.status() == "cancelled")
    return outcome


def _price_changed(actor: Actor) -> str:
    return actor.place(expected_total={"currency": "USD", "amount": "1.00"}, items=MIXED)


def _cancelled_line(actor: Actor) -> str:
    outcome = actor.place()
    if outcome == "placed":
        actor.wait(actor.shipments)
        actor.order("cancel", lines=[{"sku": SUNGLASSES, "quantity": 1}])
        actor.ship()
    return outcome


def _cancelled(actor: Actor) -> str:
    outcome = actor.place(items=MIXED)
    if outcome == "placed":
        actor.status()
        actor.order("cancel")
    return outcome


def _returned(actor: Actor) -> str:
    outcome = _shipped(actor)
    if outcome == "placed":
        actor.wait(lambda: actor.status() == "delivered")
        actor.order("returns", lines=[{"sku": SUNGLASSES, "quantity": 1}])
        [goods] = actor.get(f"/order_management/orders/{actor.order_id}")["returns"]
        actor.wait(lambda: actor.order(f"returns/{goods['return_id']}/authorize")[0] == 200)  # refused until it is paid
        back = [{"sku": SUNGLASSES, "quantity": 1, "disposition": "restock"}]
        came = {"by": "joe", "location": "newark-us", "lines": back}
        path = f"/warehouse/returns/{goods['return_id']}/receive"
        actor.wait(lambda: actor.insist("POST", path, came)[0] == 200)
        whole = f"/order_management/orders/{actor.order_id}"
        actor.wait(lambda: actor.get(whole)["returns"][0]["status"] == "refunded")
    return outcome


@dataclass(frozen=True)
class Ending:
    """How a story may end: what order_management says of the order that was placed, and with which code none was."""

    statuses: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()


def _ends(*statuses: str, code: str = "", codes: frozenset[str] = frozenset()) -> Ending:
    return Ending(frozenset(statuses), codes | frozenset({code} if code else ()))


STORIES: dict[str, tuple[Story, Ending]] = {
    "plain": (_shipped, _ends("delivered")),
    "furniture": (lambda actor: _shipped(actor, items=MIXED), _ends("delivered")),
    "approved": (_held(_approve), _ends("delivered")),
    "rejected": (_held(lambda actor: actor.order("reject") and None), _ends("rejected")),
    "overdue": (_held(_overdue), _ends("rejected")),
    "declined": (lambda actor: actor.place(payment={"token": "tok_declined"}), _ends(code="payment_declined")),
    "out-of-stock": (lambda actor: actor.place(items=TOO_MANY), _ends(code="out_of_stock")),
    "expired": (_expires, _ends(code="reservation_expired")),
    "denied": (_denied, _ends("rejected", code="payment_refused")),
    "no-gateway": (
        lambda actor: actor.place(payment={"token": "tok_processing_error"}),
        _ends(code="payment_unavailable"),
    ),
    "slow-gateway": (lambda actor: _shipped(actor, payment={"token": "tok_timeout"}), _ends("delivered")),
    "authenticated": (_authenticated, _ends("delivered", codes=UNDONE)),
    "abandoned": (_abandoned, _ends(code="reservation_expired")),
    "price-changed": (_price_changed, _ends(code="price_changed")),
    "cancelled-line": (_cancelled_line, _ends("delivered")),
    "cancelled": (_cancelled, _ends("cancelled")),
    "returned": (_returned, _ends("delivered")),
}
"""The stories that are explored."""
