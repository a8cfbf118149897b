"""Every minute: finish what the gateway or a dead process left open, by asking again under the same keys."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from functions.payment.authorization import Authorization, authorize_key
from functions.payment.capture import Capture
from functions.payment.gateway import Gateway, GatewayError
from functions.payment.refund import Refund
from functions.payment.refunding import finish_refund
from functions.payment.renewal import finish_renewal
from functions.payment.settlement import finish_capture, finish_void, record_outcome, reopen
from shared.errors import Unavailable
from shared.storage import Database

log = logging.getLogger(__name__)

STILL_UNDER_WAY = timedelta(seconds=60)
"""Three times the service's time limit: what the gateway has not seen by then, no living process is about to ask."""


def settle_unknown(db: Database, gateway: Gateway, now: datetime) -> None:
    """Settle up to 100 each of whatever has an intent and no result; what fails waits for the next run."""
    for authorization in db.query(Authorization, state="asking", order_by="asked_at").items:
        _try(authorization.order_id, partial(_settle_asking, db, gateway, authorization, now))
    for authorization in db.query(Authorization, state="renewing", order_by="asked_at").items:
        _try(authorization.order_id, partial(finish_renewal, db, gateway, authorization, now))
    for authorization in db.query(Authorization, state="voiding", order_by="asked_at").items:
        _try(authorization.order_id, partial(finish_void, db, gateway, authorization, now))
    for capture in db.query(Capture, state="capturing", order_by="asked_at").items:
        _try(capture.shipment_id, partial(finish_capture, db, gateway, capture, now))
    for refund in db.query(Refund, state="refunding", order_by="asked_at").items:
        _try(refund.return_id, partial(finish_refund, db, gateway, refund, now))


def _settle_asking(db: Database, gateway: Gateway, authorization: Authorization, now: datetime) -> None:
    outcome = gateway.outcome(authorize_key(authorization.order_id), now)
    if outcome.status == "none":
        if now - authorization.asked_at > STILL_UNDER_WAY:
            reopen(db, authorization.order_id)
    elif outcome.status != "unknown":
        record_outcome(db, authorization.order_id, outcome, now)


def _try(subject: str, settle: Callable[[], object]) -> None:
    """One that fails must not keep the others waiting."""
    try:
        settle()
    except (GatewayError, Unavailable) as error:
        log.warning("%s stays unsettled: %s", subject, type(error).__name__)
