"""What was asked of Stripe under each of our keys, and how it ended: Stripe itself finds nothing by such a key."""

from typing import ClassVar

from functions.payment.gateway import Check, Outcome
from shared.storage import Document
from shared.values.clock import Timestamp
from shared.values.money import Money


class StripeRecord(Document):
    """One operation: written before Stripe is asked, and again with the outcome. Without `status` nobody knows yet.

    `intent` is Stripe's id of the PaymentIntent that was made or used.
    """

    collection: ClassVar[str] = "stripe_records"

    key: str
    asked_at: Timestamp
    authorization: bool = False
    intent: str | None = None
    voided: bool = False
    status: str = ""
    currency: str | None = None
    amount_minor: int = 0
    payment_id: str | None = None
    expires_at: Timestamp | None = None
    decline_code: str | None = None
    action_url: str | None = None
    avs: Check | None = None
    cvc: Check | None = None

    def ended(self, outcome: Outcome, intent: str | None = None) -> "StripeRecord":
        """Return it with its outcome."""
        amount = outcome.amount
        return self.model_copy(
            update={
                "intent": intent or self.intent,
                "status": outcome.status,
                "currency": None if amount is None else amount.currency,
                "amount_minor": 0 if amount is None else amount.minor,
                "payment_id": outcome.payment_id,
                "expires_at": outcome.expires_at,
                "decline_code": outcome.decline_code,
                "action_url": outcome.action_url,
                "avs": outcome.avs,
                "cvc": outcome.cvc,
            }
        )

    def outcome(self) -> Outcome:
        """Answer the same each time; `unknown` before it is known."""
        return Outcome(
            self.status or "unknown",  # type: ignore[arg-type]  # it was an outcome's
            Money(self.currency, self.amount_minor) if self.currency else None,
            self.payment_id,
            self.expires_at,
            self.decline_code,
            self.action_url,
            self.avs,
            self.cvc,
        )
