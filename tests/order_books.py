"""What all services have written down about an order, held against each other once all is at rest.

Read where it lies: every service's documents, and those of the sandbox gateway, which is an outside party.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from functions.accounting.invoices import Invoice, shipment_invoice_id
from functions.accounting.ledger import JournalEntry
from functions.checkout.order import Order as Placing
from functions.furniture.reservations import FreightReservation
from functions.furniture.slots import DeliveryDay
from functions.notification.messages import Message
from functions.order_management.order import Order
from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from functions.payment.refund import Refund
from functions.payment.sandbox_operation import SandboxOperation
from functions.payment.sandbox_payment import SandboxPayment
from functions.warehouse.shipment import Shipment
from shared.stock.reservations import Reservation
from shared.storage import Database

ENDED = frozenset({"committed", "released"})
NO_MONEY = frozenset({"declined", "expired", "captured", "voided", "cancelled", "open"})
CLEARED = ("receivables", "contract_liabilities", "goods_in_transit", "refund_liability")
"""Accounts in which nothing of an order is left once it has ended."""
STATES = ("running", "undoing", "awaiting_customer", "placed", "refused")
ONCE = (
    *("order.refused", "order.approved", "order.rejected", "order.cancelled", "order.reduced"),
    *("order.return_requested", "order.return_authorized", "shipment.returned", "payment.refunded"),
)


class OrderBooks:
    """The documents of all orders; `db` gives the database of a service, or the gateway's."""

    def __init__(self, db: Callable[[str], Database]) -> None:
        self.db = db

    def placings(self, since: datetime | None = None) -> list[Placing]:
        """Return every order that checkout has begun."""
        return [each for state in STATES for each in self._every(state, since)]

    def _every(self, state: str, since: datetime | None) -> Iterator[Placing]:
        cursor: str | None = None
        while True:
            bounds = {} if since is None else {"since": since}
            page = self.db("checkout").query(
                Placing, state=state, order_by="created_at", limit=500, cursor=cursor, **bounds
            )
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def violations(self, each: Placing) -> Iterator[str]:
        """Return everything that is not as it must be about one order."""
        if each.state not in ("placed", "refused"):
            yield "its saga has not ended"
        known = self.db("order_management").get(Order, each.order_id) or Order(order_id=each.order_id)
        if each.state == "placed" and known.status is None:
            yield "order_management has not heard of it"
        types = Counter(fact.type for fact in known.facts)
        yield from (f"{name} happened {types[name]} times" for name in ONCE if types[name] > 1)
        begun = types["order.confirmed"] + types["order.held"]
        if begun != (each.state == "placed"):
            yield f"checkout says {each.state}, the events say {sorted(types)}"
        shipments = self.db("warehouse").query(Shipment, order_id=each.order_id, order_by="number").items
        yield from self._goods(known, shipments)
        yield from self._slots(known)
        yield from self._money(known, shipments)
        yield from self._mails(known)

    def _goods(self, known: Order, shipments: list[Shipment]) -> Iterator[str]:
        for service, kind in (("inventory", Reservation), ("furniture", FreightReservation)):
            held = self.db(service).get(kind, known.order_id)
            if held is None:
                continue
            if known.status == "delivered" and held.lines and held.state != "committed":
                yield f"delivered, and its goods of {service} are {held.state}"
            elif held.state not in ENDED:
                yield f"{known.status}, and its goods of {service} are {held.state}"
        left = [each for each in shipments if each.status != "stopped"]
        if any(each.status != "delivered" for each in left) or (left and known.status != "delivered"):
            yield f"{known.status}, its shipments are {[each.status for each in shipments]}"
        if known.status != "delivered":
            return
        sent = _pieces(line for each in left for line in each.lines)
        gone = Counter(self._taken_out(known))
        ordered = _pieces(known.lines)
        if sent + gone != ordered:
            yield f"ordered {dict(ordered)}, sent {dict(sent)}, taken out {dict(gone)}"

    def _taken_out(self, known: Order) -> dict[str, int]:
        pieces: Counter[str] = Counter()
        for fact in known.facts:
            if fact.type == "order.reduced" and fact.pieces:
                pieces.update(fact.pieces)
        return dict(pieces)

    def _slots(self, known: Order) -> Iterator[str]:
        if known.status == "delivered":
            return
        for day in self.db("furniture").query(DeliveryDay).items:
            for window, orders in day.bookings.items():
                if known.order_id in orders:
                    yield f"{known.status}, and still booked at {day.key} {window}"

    def _money(self, known: Order, shipments: list[Shipment]) -> Iterator[str]:
        payment, gateway, accounting = self.db("payment"), self.db("gateway"), self.db("accounting")
        own = payment.get(Authorization, known.order_id)
        captures = payment.query(Capture, order_id=known.order_id, order_by="asked_at").items
        refunds = payment.query(Refund, order_id=known.order_id, order_by="asked_at").items
        taken = sum(each.amount_minor for each in captures if each.state == "captured")
        given = sum(each.amount_minor for each in refunds if each.state == "refunded")
        if own is not None and own.state not in NO_MONEY:
            yield f"{known.status}, and its authorization is {own.state}"
        theirs = gateway.get(SandboxPayment, f"{known.order_id}.authorize")
        if theirs is not None and theirs.status == "authorized":
            rest = theirs.amount_minor - theirs.captured_minor
            if rest and theirs.voided_at is None:
                yield f"{known.status}, and the gateway still holds {rest} of {theirs.amount_minor}"
            if theirs.captured_minor != taken:
                yield f"the gateway took {theirs.captured_minor}, payment says {taken}"
            back = [gateway.get(SandboxOperation, each.shipment_id) for each in captures]
            returned = sum(each.refunded_minor for each in back if each is not None)
            if returned != given:
                yield f"the gateway gave back {returned}, payment says {given}"
        due = sum(each.total_minor for each in shipments if each.status == "delivered")
        if taken != due:
            yield f"shipments worth {due} left, {taken} was taken"
        for each in shipments:
            invoice = accounting.get(Invoice, shipment_invoice_id(each.shipment_id))
            if (invoice.status if invoice else None) != ("issued" if each.status == "delivered" else None):
                yield f"{each.shipment_id} is {each.status}, its invoice {invoice.status if invoice else None}"
            elif invoice is not None and invoice.total_minor != each.total_minor:
                yield f"{each.shipment_id} is worth {each.total_minor}, its invoice {invoice.total_minor}"
        yield from self._ledger(known, accounting, taken - given)

    def _ledger(self, known: Order, accounting: Database, kept: int) -> Iterator[str]:
        entries = accounting.query(JournalEntry, order_id=known.order_id, order_by="posted_at").items
        balance: Counter[str] = Counter()
        for entry in entries:
            for posting in entry.postings:
                balance[posting.account] += posting.debit.minor - posting.credit.minor
        expected = {"bank_clearing:sandbox": kept} | dict.fromkeys(CLEARED, 0)
        yield from (
            f"the ledger's {account} holds {balance[account]} of it, expected {amount}"
            for account, amount in expected.items()
            if balance[account] != amount
        )

    def _mails(self, known: Order) -> Iterator[str]:
        told = self.db("notification").query(Message, order_id=known.order_id, order_by="created_at").items
        counted = Counter((each.template, each.channel) for each in told if each.template != "shipment.dispatched")
        yield from (f"the customer was told {count} times of {name}" for name, count in counted.items() if count > 1)


def _pieces(lines: Any) -> Counter[str]:
    pieces: Counter[str] = Counter()
    for line in lines:
        pieces[line.sku] += line.quantity
    return pieces


def wrong_numbers(accounting: Database) -> Iterator[str]:
    """Say which series of invoice numbers has gaps or doubles."""
    series: dict[str, list[int]] = {}
    cursor: str | None = None
    while True:
        page = accounting.query(Invoice, limit=500, cursor=cursor)
        for each in page.items:
            if each.number:
                name, _, number = each.number.rpartition("-")
                series.setdefault(name, []).append(int(number))
        cursor = page.next_cursor
        if cursor is None:
            break
    for name, numbers in series.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"invoice numbers of {name}: {sorted(numbers)}"
