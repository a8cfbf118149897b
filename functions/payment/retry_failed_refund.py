"""POST /refunds/{return_id}/retry: a person asks again for a refund that the gateway refused."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from functions.payment.gateway import Gateway, GatewayError
from functions.payment.payment_answer import PaymentAnswer, of_refund
from functions.payment.refund import Refund
from functions.payment.refunding import retry_refund
from shared.errors import InProgress, NotFound
from shared.http.models import Command
from shared.storage import Database

ReturnId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]


class RetryFailedRefund(Command):
    """Nothing but the path is needed."""


def retry_failed_refund(
    return_id: ReturnId, command: RetryFailedRefund, db: Database, gateway: Gateway, now: datetime
) -> PaymentAnswer:
    """Ask once more and return how the refund stands; one that is refunded is not asked for. NotFound, InProgress."""
    if db.get(Refund, return_id) is None:
        raise NotFound(f"nothing was refunded or to be refunded for {return_id}")
    try:
        return of_refund(retry_refund(db, gateway, return_id, now))
    except GatewayError:
        raise InProgress("The gateway has not said yet whether it refunded.", retry_after=3) from None
