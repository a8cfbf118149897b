"""One order's way in words: who did what, how many milliseconds after the order was sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.hosts.local.demo.answers import Delivery, Entry, Reply, Shipment, written
from shared.hosts.local.demo.story import Story

_BOOKED = {
    "invoice": "books the invoice: what the customer owes, and the tax in it",
    "issue": "books goods from the shelf to goods in transit",
    "capture": "books the money: the customer owes nothing more",
    "revenue": "books the revenue, now that the goods arrived",
    "cost_of_sales": "books what the goods had cost",
}


@dataclass(frozen=True, order=True)
class Step:
    """One thing that happened."""

    ms: float
    who: str
    what: str


def steps(story: Story) -> list[Step]:
    """Return everything that happened to an order, by time."""
    happened: list[tuple[datetime | None, str, str]] = [
        *_money(story),
        *_goods(story),
        *_papers(story),
        *_people(story),
    ]
    timed = [Step(story.ms(at), who, what) for at, who, what in happened if at]
    answers = [Step(reply.ms, "checkout", _answer(reply)) for reply in story.replies]
    return sorted([Step(0, "customer", _ordering(story)), *timed, *answers], key=lambda step: step.ms)


def _ordering(story: Story) -> str:
    pieces = ", ".join(f"{count} × {sku}" for sku, count in story.basket.pieces.items())
    times = f", {story.basket.at_once} times at once" if story.basket.at_once > 1 else ""
    return f"sends the order{times}: {pieces}"


def _answer(reply: Reply) -> str:
    body = reply.body
    if reply.status != 201:
        return f"answers {reply.status}: {body.get('code')}"
    score = body["fraud"]["score"]
    why = f" (fraud score {'none, it was silent' if score is None else score})"
    return f"answers 201: {body['status']}{why}, {body['total']['amount']} {body['total']['currency']} in all"


def _money(story: Story) -> Iterator[tuple[datetime | None, str, str]]:
    said = {"authorization": "sets {} aside on the card", "capture": "takes {} from the card", "void": "gives {} back"}
    for each in story.documents.payments:
        yield each.at, "payment", said.get(each.type, each.type + " {}").format(written(each.amount))


def _goods(story: Story) -> Iterator[tuple[datetime | None, str, str]]:
    for number, each in enumerate(story.documents.shipments, 1):
        yield each.planned_at, "warehouse", f"plans shipment {number}: {_load(each)} from {each.location}"
        yield each.dispatched_at, "warehouse", f"hands shipment {number} to {each.carrier}"
        yield each.delivered_at, "warehouse", f"shipment {number} arrives"


def _load(shipment: Shipment) -> str:
    kilograms = sum(parcel.weight_g for parcel in shipment.parcels) / 1000
    noun = "parcel" if shipment.fulfilment == "parcel" else "freight piece"
    plural = "s" * (len(shipment.parcels) != 1)
    return f"{len(shipment.parcels)} {noun}{plural}, {kilograms:g} kg,{_slot(shipment.delivery)}"


def _slot(delivery: Delivery | None) -> str:
    """Say when freight is brought; a slot's id is `zone.date.hours`."""
    if delivery is None or delivery.slot_id is None:
        return ""
    _, day, hours = delivery.slot_id.split(".")
    return f" {delivery.service_level} on {day} {hours}h,"


def _papers(story: Story) -> Iterator[tuple[datetime | None, str, str]]:
    yield story.drafted_at, "accounting", "drafts the invoice, without a number yet"
    for invoice in story.documents.invoices:
        yield invoice.issued_at, "accounting", f"issues invoice {invoice.number} over {written(invoice.total)}"
    for entry in _once(story.documents.entries):
        leg = entry.entry_id.split(".")[1]
        yield entry.posted_at, "accounting", _BOOKED.get(leg, f"books {leg}")
    for message in story.documents.messages:
        subject = " ".join(word for word in message.subject.split() if not word.startswith("ord_"))
        yield message.sent_at, "notification", f"mails “{subject}”"


def _once(entries: Iterable[Entry]) -> Iterable[Entry]:
    """Return one posting of each journal entry."""
    return {entry.entry_id: entry for entry in entries}.values()


def _people(story: Story) -> Iterator[tuple[datetime | None, str, str]]:
    order = story.documents.order
    for fact in order.history if order else []:
        if fact.type == "order.approved":
            yield fact.at, "operator" if fact.by else "order_management", "approves the order"
