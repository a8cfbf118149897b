r"""What is held on a customer's card for an order: the document, its states, and how answers of the gateway change it.

(unknown) --authorize--> asking --> authorized --void--> voiding --> voided
                           |   |      |  ^ \--> captured (all of it)
                           |   |      v  |
                           |   |    renewing --> expired (held no more, and the gateway would not hold it again)
                           |   \--> requires_action --confirm--> authorized | declined
                           |   \--> declined
                           \--> open (nothing held, may be asked again)
(unknown) --prepaid--> prepaid (taken by another checkout) --abandoned--> owed_back (a person gives it back there)
void of anything that never held money ends in cancelled; so does a void that comes first, as a tombstone.
"""

from datetime import datetime
from typing import Any, ClassVar, Literal

from functions.payment.gateway import Check, Outcome
from shared.events.envelope import Event
from shared.events.payment import PaymentAuthorized, PaymentDeclined, PaymentVoided
from shared.storage import Document, Index
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money

State = Literal[
    "asking",
    "open",
    "requires_action",
    "authorized",
    "declined",
    "renewing",
    "expired",
    "captured",
    "voiding",
    "voided",
    "cancelled",
    "prepaid",
    "owed_back",
]


class Authorization(Document):
    """An order's authorization. `captured_minor + capturing_minor + reduced_minor` never exceeds `amount_minor`.

    Without `currency` it is the tombstone of a void that came first. `authorized_at` is set once money was held;
    `asked_at` is when the gateway was last asked to hold it.
    """

    collection: ClassVar[str] = "authorizations"
    key_field: ClassVar[str] = "order_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("state", "asked_at"),
        Index("currency", "authorized_at", sums=("amount_minor",)),
        Index("currency", "voided_at", sums=("voided_minor",)),
    )

    order_id: OrderId
    state: State
    gateway: str
    asked_at: Timestamp
    currency: str | None = None
    amount_minor: int = 0
    capturing_minor: int = 0
    captured_minor: int = 0
    reductions: dict[str, int] = {}
    """What will not leave and is not to be captured: minor units by reduction."""
    voided_minor: int = 0
    payment_id: str | None = None
    decline_code: str | None = None
    action_url: str | None = None
    expires_at: Timestamp | None = None
    authorized_at: Timestamp | None = None
    ended_at: Timestamp | None = None
    """When it was declined or cancelled, or ran out."""
    voided_at: Timestamp | None = None
    void_reason: str | None = None
    renewals: int = 0
    """How often the gateway was asked to hold what is left for longer."""
    renewed_as: str | None = None
    """The key of the authorization that replaced the first."""
    renewal_refused: bool = False
    avs: Check | None = None
    cvc: Check | None = None
    """What the issuer said of the billing address and of the card's security code; None if it was not asked."""

    @property
    def key(self) -> str:
        """The gateway's key of the authorization that holds the money now."""
        return self.renewed_as or authorize_key(self.order_id)

    @property
    def amount(self) -> Money | None:
        """What was asked for; None for a tombstone."""
        return Money(self.currency, self.amount_minor) if self.currency else None

    @property
    def left(self) -> int:
        """Minor units that are neither captured nor being captured, and may be."""
        return self.amount_minor - self.captured_minor - self.capturing_minor - self.reduced_minor

    @property
    def reduced_minor(self) -> int:
        """Minor units that are not to be captured."""
        return sum(self.reductions.values())

    def changed(self, state: State, **fields: Any) -> "Authorization":
        """Return this in another state."""
        return self.model_copy(update={"state": state, **fields})


def authorize_key(order_id: str) -> str:
    """Return the gateway's idempotency key of an order's authorization."""
    return f"{order_id}.authorize"


def void_key(order_id: str) -> str:
    """Return the gateway's idempotency key of an order's void."""
    return f"{order_id}.void"


def concluded(authorization: Authorization) -> Authorization:
    """Close an authorization of which nothing is to be captured any more; what it still holds is to be voided.

    Not while a capture is under way: a void would release its amount, too.
    """
    if authorization.state != "authorized" or authorization.capturing_minor or authorization.left > 0:
        return authorization
    if authorization.reduced_minor:
        return authorization.changed("voiding", void_reason="the rest will not leave")
    return authorization.changed("captured")


def settled(authorization: Authorization, outcome: Outcome, now: datetime) -> tuple[Authorization, Event | None]:
    """Apply the gateway's answer to an authorization that waits for it; also the event that tells of it."""
    if outcome.status == "declined":
        after = authorization.changed(
            "declined", decline_code=outcome.decline_code, payment_id=outcome.payment_id, ended_at=now
        )
        return after, _declined(after)
    known = {
        "payment_id": outcome.payment_id,
        "expires_at": outcome.expires_at,
        "avs": outcome.avs,
        "cvc": outcome.cvc,
    }
    if outcome.status == "requires_action":
        return authorization.changed("requires_action", action_url=outcome.action_url, **known), None
    after = authorization.changed("authorized", authorized_at=now, **known)
    return after, _authorized(after)


def released(authorization: Authorization, outcome: Outcome, now: datetime) -> tuple[Authorization, Event | None]:
    """Apply the gateway's answer to a void. Nothing is told of money that nobody was told to be held."""
    if authorization.authorized_at is None:
        return authorization.changed("cancelled", ended_at=now), None
    freed = outcome.amount.minor if outcome.amount else 0
    after = authorization.changed("voided", voided_minor=freed, voided_at=now)
    return after, _voided(after) if freed else None


def _authorized(authorization: Authorization) -> PaymentAuthorized:
    assert authorization.amount and authorization.payment_id and authorization.expires_at
    return PaymentAuthorized(
        order_id=authorization.order_id,
        payment_id=authorization.payment_id,
        amount=authorization.amount,
        gateway=authorization.gateway,
        expires_at=authorization.expires_at,
    )


def _declined(authorization: Authorization) -> PaymentDeclined:
    assert authorization.amount
    return PaymentDeclined(
        order_id=authorization.order_id,
        amount=authorization.amount,
        gateway=authorization.gateway,
        decline_code=authorization.decline_code or "generic_decline",
    )


def _voided(authorization: Authorization) -> PaymentVoided:
    assert authorization.currency and authorization.payment_id
    return PaymentVoided(
        order_id=authorization.order_id,
        payment_id=authorization.payment_id,
        amount=Money(authorization.currency, authorization.voided_minor),
        gateway=authorization.gateway,
    )
