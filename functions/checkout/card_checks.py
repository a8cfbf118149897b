"""What the card's issuer said of the billing address (AVS) and of the security code (CVC)."""

from functions.checkout.views import AuthorizationView
from shared.events.priced_order import FraudReason, PricedOrder


def held_if_mismatched(placed: PricedOrder, authorization: AuthorizationView) -> PricedOrder:
    """Return the order to be reviewed by people if one of them is wrong, though fraud approved; else as it is.

    The issuer tells only when it authorizes, after fraud has decided; the reasons give no points of fraud's score.
    """
    checks = {"avs_mismatch": authorization.avs, "cvc_mismatch": authorization.cvc}
    reasons = tuple(FraudReason(code=code, points=0) for code, check in checks.items() if check == "mismatch")
    if not reasons:
        return placed
    known = placed.fraud
    fraud = known.model_copy(update={"decision": "review", "reasons": (*known.reasons, *reasons)})
    return placed.model_copy(update={"fraud": fraud})
