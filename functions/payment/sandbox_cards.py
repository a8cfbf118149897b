"""The sandbox gateway's cards: one token for each way a payment can go."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from functions.payment.gateway import Card, Check


@dataclass(frozen=True)
class SandboxCard:
    """How a token behaves."""

    brand: str
    country: str
    decline_code: str | None = None
    capture_decline_code: str | None = None
    out_of_order: bool = False
    """The gateway is unavailable and does nothing."""
    silent_s: float = 0
    """Seconds for which the gateway won't say whether it authorized, though it did."""
    requires_action: bool = False
    refuses_for: timedelta | None = None
    """How long after the authorization captures are refused; None: always, if they are at all."""
    refund_decline_code: str | None = None
    renewal_decline_code: str | None = None
    avs: Check | None = None
    cvc: Check | None = None

    def capture_refusal(self, age: timedelta) -> str | None:
        """Say why a capture is refused so long after the authorization; None if it is not."""
        over = self.refuses_for is not None and age >= self.refuses_for
        return None if over else self.capture_decline_code


CARDS = {
    "tok_visa": SandboxCard("visa", "US"),
    "tok_mastercard": SandboxCard("mastercard", "US"),
    "tok_declined": SandboxCard("visa", "US", decline_code="generic_decline"),
    "tok_insufficient_funds": SandboxCard("visa", "US", decline_code="insufficient_funds"),
    "tok_expired": SandboxCard("mastercard", "US", decline_code="expired_card"),
    "tok_processing_error": SandboxCard("visa", "US", out_of_order=True),
    "tok_timeout": SandboxCard("visa", "US", silent_s=3),
    "tok_capture_fails": SandboxCard("visa", "US", capture_decline_code="capture_failed"),
    "tok_capture_fails_first": SandboxCard(
        "visa", "US", capture_decline_code="capture_failed", refuses_for=timedelta(days=2)
    ),
    "tok_refund_fails": SandboxCard("visa", "US", refund_decline_code="refund_failed"),
    "tok_reauthorization_fails": SandboxCard("visa", "US", renewal_decline_code="insufficient_funds"),
    "tok_avs_mismatch": SandboxCard("visa", "US", avs="mismatch", cvc="match"),
    "tok_cvc_mismatch": SandboxCard("visa", "US", avs="match", cvc="mismatch"),
    "tok_3ds": SandboxCard("visa", "NL", requires_action=True),
}


def described(token: str, email: str) -> Card | None:
    """Return what the gateway tells of a token's card, None for a token that it never gave out."""
    card = CARDS.get(token)
    if card is None:
        return None
    digest = hashlib.sha256(f"{token}\n{email.strip().lower()}".encode()).hexdigest()
    return Card(f"fp_{digest[:32]}", card.brand, card.country)
