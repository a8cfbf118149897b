"""How a return is shown."""

from pydantic import Field

from functions.order_management.order import ReturnStatus
from functions.order_management.returns import Return
from shared.events.returned_goods import ReturnLine
from shared.http.models import Answer
from shared.values.clock import Timestamp
from shared.values.money import Money


class ReturnAnswer(Answer):
    """A return: `lines` and `total` are what was asked for until the goods came, then what came."""

    return_id: str
    order_id: str
    customer_id: str
    status: ReturnStatus
    by: str
    reason: str
    lines: tuple[ReturnLine, ...]
    goods_net: Money
    goods_tax: Money
    shipping_net: Money
    shipping_tax: Money
    total: Money
    requested_at: Timestamp
    refunded_at: Timestamp | None = Field(default=None, description="when order.return_refunded was published")


def shown_return(goods: Return) -> ReturnAnswer:
    """Return the answer for a return."""
    worth = goods.received or goods.requested
    return ReturnAnswer(
        return_id=goods.return_id,
        order_id=goods.order_id,
        customer_id=goods.customer_id,
        status=goods.status,
        by=goods.by,
        reason=goods.reason,
        lines=worth.lines,
        **worth.amounts,
        requested_at=goods.requested_at,
        refunded_at=goods.refunded_at,
    )
