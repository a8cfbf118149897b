"""One order's way in words: who did what, how many milliseconds after the order was sent. Made to fit 80 columns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.hosts.local.demo.answers import Delivery, Reply, Shipment, written
from shared.hosts.local.demo.story import Story

_BOOKED = {
    "invoice": "books the invoice: what is owed, and the tax in it",
    "issue": "books the goods from the shelf into transit",
    "capture": "books the money: nothing is owed any more",
    "revenue": "books the revenue, now that the goods are there",
    "cost_of_sales": "books what the goods had cost",
}
_TIMES = {1: "", 2: ", twice at once"}

Happened = tuple[datetime | None, str, str]
"""When (None: not yet), who, what."""


@dataclass(frozen=True)
class Step:
    """One thing that happened."""

    ms: float
    who: str
    what: str


def steps(story: Story) -> list[Step]:
    """Return everything that happened to an order, by time."""
    happened = [*_money(story), *_goods(story), *_papers(story), *_people(story)]
    timed = [Step(story.ms(at), who, what) for at, who, what in happened if at]
    times = _TIMES.get(story.basket.at_once, f", {story.basket.at_once} times at once")
    sent = Step(0, "customer", f"sends the order{times}: {story.basket.wish}")
    return sorted([sent, *timed, *_answers(story)], key=lambda step: step.ms)


def _answers(story: Story) -> Iterator[Step]:
    told: list[Reply] = []
    for reply in sorted(story.replies, key=lambda reply: reply.ms):
        again = any(earlier.body == reply.body for earlier in told)
        if again and reply.status != 201:
            continue  # who is told 409 in_progress asks every few milliseconds
        yield Step(reply.ms, "checkout", "answers 201 again: the same order, no second" if again else _answer(reply))
        told.append(reply)
    if not story.accepted and not story.orders_of_customer:
        yield Step(told[-1].ms, "checkout", "has undone what was begun; no order is kept")


def _answer(reply: Reply) -> str:
    body = reply.body
    if reply.status != 201:
        return f"answers {reply.status}: {body.get('code')}"
    score = body["fraud"]["score"]
    fraud = "fraud is silent" if score is None else f"fraud score {score}"
    return f"answers 201: {body['status']}, {body['total']['amount']} {body['total']['currency']} ({fraud})"


def _money(story: Story) -> Iterator[Happened]:
    said = {"authorization": "sets {} aside on the card", "capture": "takes {} from the card", "void": "frees {}"}
    for each in story.documents.payments:
        yield each.at, "payment", said.get(each.type, each.type + " of {}").format(written(each.amount))


def _goods(story: Story) -> Iterator[Happened]:
    for number, each in enumerate(story.documents.shipments, 1):
        carrier = str(each.carrier).replace("_", " ").title()
        yield each.planned_at, "warehouse", f"plans shipment {number} from {each.location}: {_load(each)}"
        yield each.dispatched_at, "warehouse", f"hands shipment {number} to {carrier}{_day(each.delivery)}"
        yield each.delivered_at, "warehouse", f"sees shipment {number} delivered"


def _load(shipment: Shipment) -> str:
    kilograms = sum(parcel.weight_g for parcel in shipment.parcels) / 1000
    if shipment.fulfilment != "parcel":
        return f"{kilograms:g} kg of freight"
    return f"{len(shipment.parcels)} parcel{'s' * (len(shipment.parcels) != 1)}, {kilograms:g} kg"


def _day(delivery: Delivery | None) -> str:
    """Say when freight is brought; a slot's id is `zone.date.hours`."""
    return f" for {delivery.slot_id.split('.')[1]}" if delivery and delivery.slot_id else ""


def _papers(story: Story) -> Iterator[Happened]:
    yield story.drafted_at, "accounting", "drafts the invoice, without a number yet"
    for invoice in story.documents.invoices:
        yield invoice.issued_at, "accounting", f"issues invoice {invoice.number} over {written(invoice.total)}"
    for entry in {entry.entry_id: entry for entry in story.documents.entries}.values():
        leg = entry.entry_id.split(".")[1]
        yield entry.posted_at, "accounting", _BOOKED.get(leg, f"books {leg}")
    for message in story.documents.messages:
        yield message.sent_at, "notification", f"mails “{' '.join(_plain_words(message.subject))}”"


def _plain_words(subject: str) -> Iterable[str]:
    """Leave out the order's id, which says nothing here."""
    return (word for word in subject.split() if not word.startswith("ord_"))


def _people(story: Story) -> Iterator[Happened]:
    order = story.documents.order
    for fact in order.history if order else []:
        if fact.type == "order.approved":
            yield fact.at, "operator" if fact.by else "order_management", "approves the order"
