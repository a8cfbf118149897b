"""What a person decides on a page: a form's fields, and the page that is shown after it."""

from typing import Literal

from pydantic import Field

from shared.errors import BoutiqueError
from shared.http.models import Answer, Form

Notice = Literal["approved", "rejected", "illegal_transition", "replayed", "not_replayed", "repaid", "repaid_before"]
NOTICES: dict[str, str] = {
    "approved": "Approved. Fulfilment starts now.",
    "rejected": "Rejected. Stock and payment are released.",
    "illegal_transition": "Nothing was changed: this order is not waiting for a decision any more.",
    "repaid": "Noted. The customer is owed this no more.",
    "repaid_before": "Nothing was changed: it was noted already, under another number.",
    "replayed": "Sent again. If it fails again, it comes back to this list.",
    "not_replayed": "Nothing was sent: that message is not waiting any more.",
}


class Decision(Form):
    """Why a person decides so."""

    reason: str = Field(min_length=3, max_length=500)


class Decided(Answer):
    """What came of it. `see_other` is the page to go on with, relative to the form's address."""

    notice: Notice
    see_other: str


def decided(order_id: str, notice: Notice) -> Decided:
    """Go back to the order's page, which says what came of it."""
    return Decided(notice=notice, see_other=f"../{order_id}?notice={notice}")


def refused(order_id: str, error: BoutiqueError) -> Decided:
    """Go back to the order's page if somebody else was first; raise what is anything else."""
    if error.code != "illegal_transition":
        raise error
    return decided(order_id, "illegal_transition")
