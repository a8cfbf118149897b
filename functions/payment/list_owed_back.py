"""GET /owed-back: what customers are to get back by a person's hand, oldest first."""

from functions.payment.prepayment import TAKEN_ELSEWHERE, OwedBack
from functions.payment.refund import Refund
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money


class Owed(Answer):
    """A part of an order's money. `cause` is `cancelled`, a reduction or a return; `why` no machine gives it back."""

    order_id: OrderId
    cause: str
    amount: Money
    why: str
    since: Timestamp


class OwedList(Items):
    """What is owed."""

    items: list[Owed]


def list_owed_back(db: Database, cursor: str | None = None) -> OwedList:
    """List 100 a page of what another checkout took; before the first, up to 100 refunds that our gateway refused."""
    page = db.query(OwedBack, state="owed", order_by="owed_at", cursor=cursor)
    refused = db.query(Refund, state="owed", order_by="asked_at").items if cursor is None else []
    return OwedList(
        items=[
            *(
                Owed(
                    order_id=each.order_id,
                    cause=each.return_id,
                    amount=each.amount,
                    why=each.decline_code or "generic_decline",
                    since=each.failed_at or each.asked_at,
                )
                for each in refused
            ),
            *(
                Owed(
                    order_id=each.order_id,
                    cause=each.cause,
                    amount=each.amount,
                    why=TAKEN_ELSEWHERE,
                    since=each.owed_at,
                )
                for each in page.items
            ),
        ],
        next_cursor=page.next_cursor,
    )
