"""GET /: what waits for a person on duty, the latest orders, and the books, on a page."""

from functools import partial
from typing import Annotated, Any, ClassVar

from pydantic import Field

from functions.backoffice import deliveries, views
from functions.backoffice.decision import NOTICES, Notice
from functions.backoffice.operations import Operations
from functions.backoffice.pages import page
from shared.calls import Calls
from shared.errors import BoutiqueError, CallFailed
from shared.http.models import Answer


class Overview(Answer):
    """The state of the shop.

    `dead_letters` is null where the platform doesn't answer, `old_orders` where nobody takes the old checkout's calls.
    """

    reviews: list[views.Review]
    orders: list[views.Order]
    next_cursor: str | None
    dead_letters: list[deliveries.DeadLetter] | None
    old_orders: list[views.OldOrder] | None
    owed: list[views.Owed]
    low_stock: list[views.LowStock]
    trial_balance: views.TrialBalance
    notice: Notice | None

    _template: ClassVar[str] = "overview.html"

    def to_html(self) -> str:
        """Write the page."""
        facts: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        facts["notice"] = NOTICES[self.notice] if self.notice else None
        return page(self._template, **facts)


def show_overview(
    call: Calls,
    operations: Operations,
    notice: Notice | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> Overview:
    """Ask every service for what a person should see first; `cursor` goes on in the list of orders."""
    reviews, orders, standard, furniture, balance, owed = call.together(
        partial(call.get, "order_management", "/reviews", views.Reviews, limit=50),
        partial(call.get, "order_management", "/orders", views.Orders, limit=limit, **_given(cursor=cursor)),
        partial(call.get, "inventory", "/low-stock", views.LowStocks),
        partial(call.get, "furniture", "/low-stock", views.LowStocks),
        partial(call.get, "accounting", "/trial-balance", views.TrialBalance),
        partial(call.get, "payment", "/owed-back", views.OwedList),
    )
    return Overview(
        reviews=reviews.items,
        orders=orders.items,
        next_cursor=orders.next_cursor,
        dead_letters=_dead_letters(operations),
        old_orders=_old_orders(call),
        owed=owed.items,
        low_stock=[*standard.items, *furniture.items],
        trial_balance=balance,
        notice=notice,
    )


def _given(**values: str | None) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _old_orders(call: Calls) -> list[views.OldOrder] | None:
    """Return what wait for a person or for goods; None once nobody takes the old checkout's calls any more."""
    try:
        found = call.together(
            *(
                partial(call.get, "legacy_checkout", "/open-orders", views.OldOrders, state=state)
                for state in ("refused", "gathering", "backordered")
            )
        )
    except BoutiqueError:
        return None
    return [each for page in found for each in page.items if each.state != "gathering" or each.overdue]


def _dead_letters(operations: Operations) -> list[deliveries.DeadLetter] | None:
    try:
        return list(operations.dead_letters())
    except CallFailed:
        return None
