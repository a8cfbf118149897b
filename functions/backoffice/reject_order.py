"""POST /orders/{order_id}/reject: the form by which a person on duty rejects a held order."""

from functions.backoffice.decision import Decided, Decision, decided, refused
from functions.backoffice.views import Order
from shared.calls import Calls
from shared.errors import Refusal
from shared.http.models import Caller
from shared.values.identifiers import OrderId


class RejectOrder(Decision):
    """Why it is rejected."""


def reject_order(order_id: OrderId, form: RejectOrder, caller: Caller, call: Calls) -> Decided:
    """Have order_management reject it in this person's name; one that waits no more is left as it is."""
    body = {"by": caller.person or caller.name, "reason": form.reason}
    try:
        call.post("order_management", f"/orders/{order_id}/reject", body, Order)
    except Refusal as error:
        return refused(order_id, error)
    return decided(order_id, "rejected")
