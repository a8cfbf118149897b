"""POST /orders/{order_id}/repayments: the form by which a person says that what was owed back was given back."""

from pydantic import Field

from functions.backoffice.decision import Decided, decided
from functions.backoffice.views import Payment
from shared.calls import Calls
from shared.errors import Refusal
from shared.http.models import Caller, Form
from shared.values.currency import MINOR_DIGITS
from shared.values.identifiers import OrderId


class RecordRepayment(Form):
    """What was owed, as the page showed it, and the number that the other gateway gave the repayment."""

    cause: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    currency: str = Field(pattern=rf"^({'|'.join(MINOR_DIGITS)})$")
    amount: str = Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,3})?$")
    reference: str = Field(min_length=1, max_length=100)


def record_repayment(order_id: OrderId, form: RecordRepayment, caller: Caller, call: Calls) -> Decided:
    """Have payment note it in this person's name; what somebody noted otherwise before stays as it is."""
    body = {
        "order_id": order_id,
        "cause": form.cause,
        "amount": {"currency": form.currency, "amount": form.amount},
        "reference": form.reference,
        "by": caller.person or caller.name,
    }
    try:
        call.post("payment", "/repayments", body, Payment)
    except Refusal as error:
        if error.code != "illegal_transition":
            raise
        return decided(order_id, "repaid_before")
    return decided(order_id, "repaid")
