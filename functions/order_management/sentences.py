"""What happened to an order, in a sentence that a person can read."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from functions.order_management.order import Fact, Order
from shared.seed import read
from shared.values.money import Money


@dataclass(frozen=True)
class Told:
    """A fact about an order, and the words that sentences take from both."""

    order: Order
    fact: Fact

    @property
    def amount(self) -> str:
        """The fact's amount: '22.00 USD'."""
        money = Money(str(self.order.currency), self.fact.amount_minor or 0)
        return f"{money.amount} {money.currency}"

    @property
    def total(self) -> str:
        """What the whole order comes to."""
        money = Money(str(self.order.currency), self.order.total_minor)
        return f"{money.amount} {money.currency}"

    @property
    def pieces(self) -> str:
        """The fact's pieces: '2 Sunglasses and 1 Mug'."""
        names = {line.sku: line.name for line in self.order.lines}
        return _listed([f"{count} {names.get(sku, sku)}" for sku, count in (self.fact.pieces or {}).items()])

    @property
    def ordered(self) -> str:
        """What was ordered."""
        return _listed([f"{line.quantity} {line.name}" for line in self.order.lines])

    @property
    def shipment(self) -> str:
        """The shipment's number within its order: 'Shipment 1'."""
        return f"Shipment {(self.fact.shipment_id or '').rpartition('-')[2]}"

    @property
    def why(self) -> str:
        """The reason, in words: ': called the customer'."""
        return f": {self.fact.reason.replace('_', ' ')}" if self.fact.reason else ""

    @property
    def number(self) -> str:
        """The number that whoever moved the money gave it: ', as re_8841'."""
        return f", as {self.fact.reason}" if self.fact.reason else ""

    @property
    def place(self) -> str:
        """Where a shipment leaves from: 'Reno'."""
        return _place(self.fact.way.location) if self.fact.way else "the warehouse"

    @property
    def way(self) -> str:
        """How it left: ' by parcel, OBX…'."""
        if self.fact.way is None:
            return ""
        tracked = f", {self.fact.way.tracking_number}" if self.fact.way.tracking_number else ""
        return f" by {self.fact.way.fulfilment}{tracked}"

    @property
    def short(self) -> str:
        """What becomes of pieces that were not found."""
        outcomes = {"dropped": "; they will not be sent", "backordered": "; they follow when there is stock"}
        return outcomes.get(self.fact.reason or "", "")

    @property
    def score(self) -> str:
        """Fraud's answer: 'score 70 (new card 70)'."""
        fraud = self.order.fraud
        if fraud is None or fraud.score is None:
            return "fraud has not scored it yet"
        points = ", ".join(f"{reason.code.replace('_', ' ')} {reason.points}" for reason in fraud.reasons)
        return f"score {fraud.score}" + (f" ({points})" if points else "")


SENTENCES: dict[str, Callable[[Told], str]] = {
    "order.action_required": lambda told: f"Waits for the customer to authenticate the payment of {told.total}.",
    "order.refused": lambda told: f"Came to nothing{told.why}.",
    "order.confirmed": lambda told: f"Ordered: {told.ordered} for {told.total}.",
    "order.held": lambda told: f"Ordered and held for review: {told.ordered} for {told.total}; {told.score}.",
    "fraud.scored": lambda told: f"Fraud answered late{told.why}.",
    "order.approved": lambda told: f"Passed review{told.why}.",
    "order.rejected": lambda told: f"Failed review{told.why}.",
    "payment.reauthorized": lambda told: f"The card's authorization was renewed: {told.amount}.",
    "shipment.planned": lambda told: f"{told.shipment} was planned.",
    "shipment.shorted": lambda told: f"{told.pieces} could not be found in {told.place}{told.short}.",
    "shipment.dispatched": lambda told: f"{told.pieces} left {told.place}{told.way}.",
    "order.backordered": lambda told: "Taken and paid elsewhere, and beyond stock: waits for goods to come in.",
    "payment.owed_back": lambda told: f"{told.amount} is owed back where it was charged: a person sees to it.",
    "payment.repaid": lambda told: f"{told.amount} was given back where it was charged{told.number}.",
    "payment.prepaid": lambda told: f"{told.amount} had been charged by the checkout that took the order.",
    "payment.captured": lambda told: f"{told.amount} was charged for what left.",
    "payment.capture_failed": lambda told: f"{told.amount} could not be charged for what left{told.why}.",
    "shipment.scanned": lambda told: f"{told.shipment} was seen by its carrier{told.why}.",
    "shipment.delivered": lambda told: f"{told.pieces} arrived.",
    "shipment.stopped": lambda told: f"{told.shipment} was stopped before it left{told.why}.",
    "order.reduced": lambda told: f"{told.pieces} will not be sent{told.why}; {told.amount} is not charged.",
    "order.cancelled": lambda told: f"Cancelled{told.why}.",
    "payment.expired": lambda told: f"The card's authorization of {told.amount} ran out and was not renewed.",
    "payment.voided": lambda told: f"{told.amount} is no longer held on the card.",
    "payment.charged_back": lambda told: f"The customer's bank took back {told.amount}{told.why}.",
    "order.return_requested": lambda told: f"Wants to return {told.pieces}, charged {told.amount}{told.why}.",
    "order.return_authorized": lambda told: f"The return may come in{told.why}.",
    "order.return_rejected": lambda told: f"The return was rejected{told.why}.",
    "shipment.returned": lambda told: f"{told.pieces} came back; {told.amount} is to be refunded.",
    "shipment.return_lapsed": lambda told: "The return did not come in time; it may be asked for again.",
    "payment.refund_failed": lambda told: f"{told.amount} could not be refunded{told.why}; the customer is owed it.",
    "payment.refunded": lambda told: f"{told.amount} was refunded.",
    "order.return_refunded": lambda told: f"The return is finished: {told.amount} went back.",
}

_CHECKOUT = ("order.action_required", "order.backordered", "order.refused", "order.confirmed", "order.held")
_WHO = {"shipment": "warehouse", "payment": "payment", "fraud": "fraud", "order": "system"}


def sentence(order: Order, fact: Fact) -> str:
    """Tell a fact; every type that is kept has its sentence."""
    return SENTENCES[fact.type](Told(order, fact))


def who(fact: Fact) -> str:
    """Who did it: the person who decided, else the service that says so."""
    if fact.by:
        return fact.by
    if fact.type == "shipment.scanned":
        return "carrier"
    return "checkout" if fact.type in _CHECKOUT else _WHO[fact.type.partition(".")[0]]


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


@lru_cache
def _place(location: str) -> str:
    names = {row["location"]: row["name"] for row in read("locations")["locations"]}
    return str(names.get(location, location)).partition(",")[0]
