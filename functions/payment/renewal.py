"""Holding what is left for longer: an authorization that runs out is replaced by another on the same card."""

from datetime import datetime
from typing import ClassVar

from functions.payment.authorization import Authorization, authorize_key, concluded
from functions.payment.gateway import Gateway, GatewayError, Outcome
from functions.payment.recovery import attempt_key
from functions.payment.settlement import existing, void_soon
from shared.errors import Unavailable
from shared.events.envelope import Event
from shared.events.payment import PaymentExpired, PaymentReauthorized
from shared.storage import Database, Document, Index, Transaction
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money


class Expiry(Document):
    """What ran out unused: an order's authorization can at most once per renewal."""

    collection: ClassVar[str] = "expiries"
    key_field: ClassVar[str] = "authorization"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("currency", "expired_at", sums=("amount_minor",)),
        Index("order_id", "expired_at"),
    )

    authorization: str
    order_id: OrderId
    currency: str
    amount_minor: int
    expired_at: Timestamp


def has_lapsed(authorization: Authorization | None, now: datetime) -> bool:
    """Whether something is still to be captured that the gateway holds no more."""
    return (
        authorization is not None
        and authorization.state in ("authorized", "expired")
        and authorization.expires_at is not None
        and authorization.expires_at <= now
        and authorization.left > 0
        and not authorization.capturing_minor
    )


def renew(db: Database, gateway: Gateway, order_id: str, now: datetime) -> Authorization:
    """Hold what is left again; refused, it stays as it is, or is `expired` once it has run out.

    Unavailable while the gateway gives no answer: the sweep asks again under the same key. Captures, reductions and
    voids of the order wait meanwhile, so that neither more nor less is held than will be taken.
    """

    def intend(tx: Transaction) -> Authorization:
        known = existing(tx, order_id)
        if known.state not in ("authorized", "expired") or known.capturing_minor or known.left <= 0:
            return known
        renewing = known.changed("renewing", renewals=known.renewals + 1)
        tx.put(renewing)
        return renewing

    authorization = db.transact(intend)
    if authorization.state != "renewing":
        return authorization
    try:
        return finish_renewal(db, gateway, authorization, now)
    except GatewayError:
        raise Unavailable(f"the authorization of {order_id} is being renewed") from None


def finish_renewal(db: Database, gateway: Gateway, authorization: Authorization, now: datetime) -> Authorization:
    """Ask for what an intent says, release the former authorization, and write the result."""
    key = attempt_key(authorize_key(authorization.order_id), authorization.renewals + 1)
    assert authorization.currency is not None
    outcome = gateway.reauthorize(key, authorization.key, Money(authorization.currency, authorization.left), now)
    if outcome.status == "authorized":
        gateway.void(f"{authorization.key}.replaced", authorization.key, now)

    def work(tx: Transaction) -> Authorization:
        current = existing(tx, authorization.order_id)
        if current.state != "renewing" or current.renewals != authorization.renewals:
            return current
        current, event = _renewed(current, key, outcome, now)
        if isinstance(event, PaymentExpired):
            tx.put(expiry_of(current, now))
        if event is not None:
            tx.emit(event, now)
        tx.put(current)
        return current

    after = db.transact(work)
    return void_soon(db, gateway, after, now) if after.state == "voiding" else after


def _renewed(
    authorization: Authorization, key: str, outcome: Outcome, now: datetime
) -> tuple[Authorization, Event | None]:
    if outcome.status == "authorized":
        after = authorization.changed(
            "authorized",
            renewed_as=key,
            payment_id=outcome.payment_id,
            expires_at=outcome.expires_at,
            asked_at=now,
            ended_at=None,
            renewal_refused=False,
        )
        return concluded(after), _reauthorized(after)
    if authorization.expires_at is not None and authorization.expires_at > now:
        return authorization.changed("authorized", renewal_refused=True), None
    return expired(authorization, now)


def expired(authorization: Authorization, now: datetime) -> tuple[Authorization, Event | None]:
    """Note that nothing is held any more, and tell it once."""
    after = authorization.changed("expired", ended_at=authorization.ended_at or now, renewal_refused=True)
    if authorization.ended_at is not None:
        return after, None
    assert after.currency
    event = PaymentExpired(
        order_id=after.order_id,
        payment_id=after.payment_id or "",
        amount=Money(after.currency, after.left),
        gateway=after.gateway,
    )
    return after, event


def expiry_of(authorization: Authorization, now: datetime) -> Expiry:
    """Return the document of an authorization that ran out now."""
    assert authorization.currency
    return Expiry(
        authorization=authorization.key,
        order_id=authorization.order_id,
        currency=authorization.currency,
        amount_minor=authorization.left,
        expired_at=now,
    )


def _reauthorized(authorization: Authorization) -> PaymentReauthorized:
    assert authorization.currency and authorization.expires_at
    return PaymentReauthorized(
        order_id=authorization.order_id,
        payment_id=authorization.payment_id or "",
        amount=Money(authorization.currency, authorization.left),
        gateway=authorization.gateway,
        expires_at=authorization.expires_at,
    )
