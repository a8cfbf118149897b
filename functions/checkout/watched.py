"""A customer whom somebody put on watch (crm's standing) may order, and people look at each order first."""

from shared.events.priced_order import FraudDecision, FraudReason

WATCHED = FraudReason(code="customer_watched", points=0)
"""Not a finding of fraud's: it gives no points of its score."""


def held_if_watched(fraud: FraudDecision, standing: str) -> FraudDecision:
    """Return the decision as it is, or of a customer on watch one that people review, whatever the score."""
    if standing != "watch":
        return fraud
    return fraud.model_copy(update={"decision": "review", "reasons": (*fraud.reasons, WATCHED)})
