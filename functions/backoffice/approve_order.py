"""POST /orders/{order_id}/approve: the form by which a person on duty approves a held order."""

from functions.backoffice.decision import Decided, Decision, decided, refused
from functions.backoffice.views import Order
from shared.calls import Calls
from shared.errors import Refusal
from shared.http.models import Caller
from shared.values.identifiers import OrderId


class ApproveOrder(Decision):
    """Why it is approved."""


def approve_order(order_id: OrderId, form: ApproveOrder, caller: Caller, call: Calls) -> Decided:
    """Have order_management approve it in this person's name; one that waits no more is left as it is."""
    body = {"by": caller.person or caller.name, "reason": form.reason}
    try:
        call.post("order_management", f"/orders/{order_id}/approve", body, Order)
    except Refusal as error:
        return refused(order_id, error)
    return decided(order_id, "approved")
