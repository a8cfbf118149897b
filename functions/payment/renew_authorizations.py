"""Every hour: authorizations of which something is still to be captured are renewed a day before they run out."""

import logging
from datetime import datetime, timedelta

from functions.payment.authorization import Authorization, concluded
from functions.payment.gateway import Gateway
from functions.payment.renewal import expired, expiry_of, renew
from functions.payment.settlement import existing
from shared.errors import Unavailable
from shared.storage import Database, Transaction

log = logging.getLogger(__name__)

MARGIN = timedelta(days=1)
PAGES = 10
"""At most so many times 100 authorizations in a run; the next run goes on."""


def renew_authorizations(db: Database, gateway: Gateway, now: datetime) -> None:
    """Renew what runs out within a day, if the gateway can; what ran out is told as payment.expired, once.

    A refusal is not asked again before it runs out; after that, a capture that still comes asks once more.
    """
    asked_before = now - gateway.capabilities.authorization_lifetime + MARGIN
    cursor = None
    for _ in range(PAGES):
        page = db.query(Authorization, state="authorized", order_by="asked_at", until=asked_before, cursor=cursor)
        for authorization in page.items:
            _see_to(authorization, db, gateway, now)
        cursor = page.next_cursor
        if cursor is None:
            return


def _see_to(authorization: Authorization, db: Database, gateway: Gateway, now: datetime) -> None:
    """Renew or expire one, unless it has time, or part of it is being captured."""
    assert authorization.expires_at is not None  # it is authorized
    time_left = authorization.expires_at - now
    if authorization.capturing_minor or time_left > MARGIN:
        return
    asks = gateway.capabilities.reauthorization and not authorization.renewal_refused and authorization.left > 0
    try:
        if asks:
            renew(db, gateway, authorization.order_id, now)
        elif time_left <= timedelta(0) or authorization.left <= 0:
            db.transact(lambda tx: _expire(tx, authorization.order_id, now))
    except Unavailable:
        log.warning("the authorization of %s is being renewed; the gateway is silent", authorization.order_id)


def _expire(tx: Transaction, order_id: str, now: datetime) -> None:
    authorization = concluded(existing(tx, order_id))
    if authorization.state == "authorized" and not authorization.capturing_minor:
        authorization, event = expired(authorization, now)
        if event is not None:
            tx.put(expiry_of(authorization, now))
            tx.emit(event, now)
    tx.put(authorization)
