"""GET /orders/{order_id}/timeline: what happened to an order, for people to read."""

from functions.order_management.life import live
from functions.order_management.order_answer import find
from functions.order_management.sentences import sentence, who
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId


class Moment(Answer):
    """One thing that happened: when, by whom, in a sentence; `type` is the event's, for machines."""

    at: Timestamp
    who: str
    sentence: str
    type: str
    shipment_id: str | None = None


class Timeline(Items):
    """All that happened so far, in the order of time; a cause before its effect where the times are the same."""

    items: list[Moment]


def get_timeline(order_id: OrderId, db: Database) -> Timeline:
    """Tell an order's life; NotFound until checkout's event about it was heard."""
    order = find(db, order_id)
    facts = sorted(live(order).history, key=lambda fact: fact.at)
    moments = [
        Moment(
            at=fact.at,
            who=who(fact),
            sentence=sentence(order, fact),
            type=fact.type,
            shipment_id=fact.shipment_id,
        )
        for fact in facts
    ]
    return Timeline(items=moments)
