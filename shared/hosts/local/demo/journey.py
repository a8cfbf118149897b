"""Carries one order from its POST to its end, as the storefront, its customer and the people on duty would."""

import secrets
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from shared.hosts.local.demo.answers import Documents, Reply
from shared.hosts.local.demo.orders import Basket
from shared.hosts.local.demo.shop import Shop, Unexpected
from shared.hosts.local.demo.story import Story, approvals, arrived, booked, captures, documents, packed, paid, sent
from shared.values.clock import utc_now

STEPS = ("placed", "reviewed", "packed", "sent", "paid", "arrived", "booked")
PENDING, LEFT_OUT = "…", "-"
_LOOK_S = 0.01
_PATIENCE_S = 20.0
_ORDERS = "/checkout/orders"

Notice = Callable[[str, str], None]
"""Called with a step and PENDING when it begins; then with the ms since sending, or a word if it ends."""


class Journey:
    """One order's way. Every wait has a limit, after which Unexpected says what was waited for."""

    def __init__(self, url: str, operator: Shop, basket: Basket, notice: Notice) -> None:
        self._url, self._operator, self._basket, self._notice = url, operator, basket, notice
        self._key = secrets.token_hex(8)

    def travel(self) -> Story:
        """Go all the way."""
        with Shop(self._url, "gke-checkout") as shop:
            quote = {name: value for name, value in self._basket.body.items() if name != "payment"}
            quoted = shop.post("/checkout/quotes", quote).body.get("total", {}).get("amount", "")
            self._notice("placed", PENDING)
            story, started = Story(self._basket, utc_now(), quoted), time.monotonic()
            story.replies += self._send_at_once(started)
            self._tell_answer(story)
            if story.accepted:
                self._fulfil(story, story.accepted["order_id"])
                if self._basket.at_once > 1:
                    story.replies.append(self._send(shop, started))
        return story

    def _send_at_once(self, started: float) -> list[Reply]:
        """Send the order as many times at the same moment as the basket says; who is told `in_progress` asks again."""
        together = threading.Barrier(self._basket.at_once)

        def send(_: int) -> list[Reply]:
            with Shop(self._url, "gke-checkout") as shop:
                together.wait()
                replies = [self._send(shop, started)]
                while replies[-1].body.get("code") == "in_progress":
                    time.sleep(_LOOK_S)
                    replies.append(self._send(shop, started))
            return replies

        with ThreadPoolExecutor(self._basket.at_once) as customers:
            return [reply for replies in customers.map(send, range(self._basket.at_once)) for reply in replies]

    def _send(self, shop: Shop, started: float) -> Reply:
        return shop.post(_ORDERS, self._basket.body, self._key, started)

    def _tell_answer(self, story: Story) -> None:
        last = max(story.replies, key=lambda reply: reply.ms)
        refusal = str(last.body.get("code", last.status)).removeprefix("payment_")
        self._notice("placed", f"{last.ms:.0f}" if story.accepted else refusal)

    def _fulfil(self, story: Story, order_id: str) -> None:
        if self._basket.reviewed:
            self._review(story, order_id)
        else:
            self._notice("reviewed", LEFT_OUT)
        found = self._until("packed", order_id, packed)
        story.drafted_at = next((invoice.drafted_at for invoice in found.invoices if invoice.drafted_at), None)
        self._reached("packed", story, (shipment.planned_at for shipment in found.shipments))
        shipments = [shipment.shipment_id for shipment in found.shipments]
        self._hand_on(shipments, "dispatch")
        found = self._until("sent", order_id, sent)
        self._reached("sent", story, (shipment.dispatched_at for shipment in found.shipments))
        found = self._until("paid", order_id, paid)
        self._reached("paid", story, (capture.at for capture in captures(found)))
        self._hand_on(shipments, "deliver")
        found = self._until("arrived", order_id, arrived)
        self._reached("arrived", story, (shipment.delivered_at for shipment in found.shipments))
        story.documents = found = self._until("booked", order_id, booked)
        issued = [invoice.issued_at for invoice in found.invoices]
        self._reached("booked", story, [*issued, *(entry.posted_at for entry in found.entries)])

    def _review(self, story: Story, order_id: str) -> None:
        """Wait until the order is known to be held, see that nothing moves, and approve it."""
        story.waiting = self._until("reviewed", order_id, lambda found: bool(found.order and found.messages))
        reason = {"by": "demo", "reason": "the customer was called"}
        self._operator.do(f"/order_management/orders/{order_id}/approve", reason)
        self._reached("reviewed", story, approvals(self._until("reviewed", order_id, lambda f: bool(approvals(f)))))

    def _hand_on(self, shipments: list[str], verb: str) -> None:
        for shipment in shipments:
            self._operator.do(f"/warehouse/shipments/{shipment}/{verb}")

    def _reached(self, step: str, story: Story, moments: Iterable[datetime | None]) -> None:
        self._notice(step, f"{story.last(moments):.0f}")

    def _until(self, step: str, order_id: str, there: Callable[[Documents], bool]) -> Documents:
        self._notice(step, PENDING)
        until = time.monotonic() + _PATIENCE_S
        while not there(found := documents(self._operator, order_id)):
            if time.monotonic() > until:
                raise Unexpected(f"the order {self._basket.title!r} was not {step} within {_PATIENCE_S:.0f} s")
            time.sleep(_LOOK_S)
        return found
