"""Every hour: captures and refunds that the gateway refused are asked for again when their time has come."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from functions.payment.capture import Capture
from functions.payment.gateway import Gateway, GatewayError
from functions.payment.refund import Refund
from functions.payment.refunding import retry_refund
from functions.payment.retry import retry_capture
from shared.errors import Unavailable
from shared.storage import Database

log = logging.getLogger(__name__)


def retry_refused(db: Database, gateway: Gateway, now: datetime) -> None:
    """Ask for up to 100 captures and 100 refunds that are due: 1, 3 and 7 days after each refusal (`recovery.py`).

    What is refused the fourth time is `owed`: shown by `GET /payments`, and a person asks again by
    `POST /captures/{shipment_id}/retry` or `POST /refunds/{return_id}/retry`.
    """
    for capture in db.query(Capture, state="failed", order_by="asked_at", until=now).items:
        _try(capture.shipment_id, partial(retry_capture, db, gateway, capture, now))
    for refund in db.query(Refund, state="failed", order_by="asked_at", until=now).items:
        _try(refund.return_id, partial(retry_refund, db, gateway, refund.return_id, now))


def _try(subject: str, retry: Callable[[], object]) -> None:
    """One that fails must not keep the others waiting."""
    try:
        retry()
    except (GatewayError, Unavailable) as error:
        log.warning("%s has no answer yet: %s", subject, type(error).__name__)
