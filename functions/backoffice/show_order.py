"""GET /orders/{order_id}: one order's whole life on a page."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from functions.backoffice import deliveries, views
from functions.backoffice.decision import NOTICES, Notice
from functions.backoffice.operations import Operations
from functions.backoffice.pages import page
from functions.backoffice.waterfall import MOST, waterfall
from shared.calls import Calls
from shared.errors import CallFailed
from shared.http.models import Answer
from shared.values.identifiers import OrderId


class OrderPage(Answer):
    """Everything that happened because of an order. `effects` is null where nothing records deliveries."""

    order: views.Order
    timeline: list[views.Moment]
    payments: list[views.Payment]
    shipments: list[views.Shipment]
    invoices: list[views.Invoice]
    entries: list[views.Entry]
    messages: list[views.Message]
    effects: deliveries.Effects | None
    notice: Notice | None

    _template: ClassVar[str] = "order.html"

    def to_html(self) -> str:
        """Write the page."""
        charts = waterfall(self.effects) if self.effects else []
        facts: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        facts["notice"] = NOTICES[self.notice] if self.notice else None
        return page(self._template, **facts, charts=charts, most=MOST, waits=self._waits_for_people())

    def _waits_for_people(self) -> bool:
        fraud = self.order.fraud
        return self.order.status == "held" and fraud is not None and fraud.score is not None


def show_order(order_id: OrderId, call: Calls, operations: Operations, notice: Notice | None = None) -> OrderPage:
    """Ask every service what it knows of an order; NotFound until order_management has heard of it."""
    asked: dict[str, Callable[[], Any]] = {
        "timeline": partial(call.get, "order_management", f"/orders/{order_id}/timeline", views.Timeline),
        "payments": partial(call.get, "payment", "/payments", views.Payments, order_id=order_id),
        "shipments": partial(call.get, "warehouse", "/shipments", views.Shipments, order_id=order_id),
        "invoices": partial(call.get, "accounting", "/invoices", views.Invoices, order_id=order_id),
        "entries": partial(call.get, "accounting", "/entries", views.Entries, order_id=order_id),
        "messages": partial(call.get, "notification", "/messages", views.Messages, order_id=order_id),
    }
    order = call.get("order_management", f"/orders/{order_id}", views.Order)
    answers = dict(zip(asked, call.together(*asked.values()), strict=True))
    lists: dict[str, Any] = {name: answer.items for name, answer in answers.items()}
    return OrderPage(order=order, **lists, effects=_effects(operations, order_id), notice=notice)


def _effects(operations: Operations, order_id: str) -> deliveries.Effects | None:
    """Return the platform's report, or None: an order's page is worth showing without it."""
    try:
        return operations.effects(order_id)
    except CallFailed:
        return None
