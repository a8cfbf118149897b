"""The sandbox gateway's own books: payments, what was done with them, and its rules."""

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from functions.payment.gateway import GatewayUnavailable, Outcome
from functions.payment.sandbox_cards import CARDS
from shared.storage import Document, Transaction
from shared.values.clock import Timestamp
from shared.values.identifiers import new_id
from shared.values.money import Money

LIFETIME = timedelta(days=7)
Status = Literal["authorized", "requires_action", "declined"]


class SandboxPayment(Document):
    """An authorization as the gateway has it; a void that came first leaves one that is declined."""

    collection: ClassVar[str] = "gateway_payments"
    key_field: ClassVar[str] = "authorization"

    authorization: str
    payment_id: str
    token: str = ""
    status: Status
    decline_code: str | None = None
    currency: str = ""
    amount_minor: int = 0
    captured_minor: int = 0
    expires_at: Timestamp
    told_from: Timestamp
    """Before this the gateway won't say how it stands."""
    voided_at: Timestamp | None = None

    def outcome(self) -> Outcome:
        """Tell how the authorization ended, whatever became of it since."""
        if self.status == "declined":
            return Outcome("declined", decline_code=self.decline_code, payment_id=self.payment_id)
        url = f"https://gateway.example/3ds/{self.payment_id}" if self.status == "requires_action" else None
        amount = Money(self.currency, self.amount_minor)
        card = CARDS[self.token]
        return Outcome(
            self.status, amount, self.payment_id, self.expires_at, action_url=url, avs=card.avs, cvc=card.cvc
        )

    def capture_refusal(self, amount: Money, now: datetime) -> str | None:
        """Say why an amount can't be captured; None if it can."""
        rules = {
            "not_authorized": self.status != "authorized",
            "authorization_voided": self.voided_at is not None,
            "authorization_expired": now >= self.expires_at,
            "currency_mismatch": amount.currency != self.currency,
            "amount_exceeds_authorization": not 0 < amount.minor <= self.amount_minor - self.captured_minor,
        }
        broken = next((code for code, is_broken in rules.items() if is_broken), None)
        return broken or CARDS[self.token].capture_refusal(now - (self.expires_at - LIFETIME))


def opened(tx: Transaction, key: str, token: str, amount: Money, now: datetime) -> SandboxPayment:
    """Open an authorization, as its token behaves; GatewayUnavailable."""
    card = CARDS[token]
    if card.out_of_order:
        raise GatewayUnavailable
    decline_code = card.decline_code
    status: Status = "declined" if decline_code else "requires_action" if card.requires_action else "authorized"
    return _kept(tx, key, token, amount, status, decline_code, now, now + timedelta(seconds=card.silent_s))


def renewed(tx: Transaction, key: str, authorization: str, amount: Money, now: datetime) -> Outcome:
    """Hold an amount on the card of an earlier authorization, which need not be in force."""
    former = tx.get(SandboxPayment, authorization)
    if former is None or not former.token:
        return Outcome("declined", decline_code="unknown_authorization")
    decline_code = CARDS[former.token].renewal_decline_code
    status: Status = "declined" if decline_code else "authorized"
    return _kept(tx, key, former.token, amount, status, decline_code, now, now).outcome()


def _kept(
    tx: Transaction,
    key: str,
    token: str,
    amount: Money,
    status: Status,
    decline_code: str | None,
    now: datetime,
    told_from: datetime,
) -> SandboxPayment:
    payment = SandboxPayment(
        authorization=key,
        payment_id=new_id("pay", now),
        token=token,
        status=status,
        decline_code=decline_code,
        currency=amount.currency,
        amount_minor=amount.minor,
        expires_at=now + LIFETIME,
        told_from=told_from,
    )
    tx.create(payment)
    return payment


def confirmed(tx: Transaction, authorization: str, now: datetime) -> Outcome:
    """Finish an authorization that required action."""
    payment = tx.get(SandboxPayment, authorization)
    if payment is None:
        return Outcome("declined", decline_code="unknown_authorization")
    if payment.voided_at is not None:
        return Outcome("declined", decline_code="authorization_voided", payment_id=payment.payment_id)
    if payment.status == "requires_action":
        payment = payment.model_copy(update={"status": "authorized", "expires_at": now + LIFETIME})
        tx.put(payment)
    return payment.outcome()


def never_seen(authorization: str, now: datetime) -> SandboxPayment:
    """Return a tombstone: should the authorization come after all, it is declined."""
    return SandboxPayment(
        authorization=authorization,
        payment_id=new_id("pay", now),
        status="declined",
        decline_code="authorization_voided",
        expires_at=now,
        told_from=now,
    )
