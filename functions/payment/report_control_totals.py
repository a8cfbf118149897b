"""GET /control-totals: what payment's own documents add up to, for reconciliation."""

from datetime import datetime

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from functions.payment.chargeback import Chargeback
from functions.payment.payout import Payout
from functions.payment.prepayment import OwedBack, Prepayment
from functions.payment.refund import Refund
from functions.payment.renewal import Expiry
from shared.http.models import ControlTotals
from shared.storage import Database, Document
from shared.values.clock import Timestamp
from shared.values.currency import MINOR_DIGITS

SUMS: tuple[tuple[str, type[Document], str, str], ...] = (
    ("captured", Capture, "amount_minor", "captured_at"),
    ("voided", Authorization, "voided_minor", "voided_at"),
    ("refunded", Refund, "amount_minor", "refunded_at"),
    ("charged_back", Chargeback, "amount_minor", "charged_back_at"),
    ("paid_out", Payout, "net_minor", "paid_out_at"),
    ("expired", Expiry, "amount_minor", "expired_at"),
)
"""What there can be only where something was authorized or prepaid: name, document, sum, by when it happened."""
COUNTED = ("captured", "refunded")


def report_control_totals(db: Database, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Sum, per currency and up to `until` (now), what was ever authorized, and what became of it.

    `authorized` are first authorizations, not renewed ones.
    """
    bound = until or now
    totals = {f"{name}.count": 0 for name in COUNTED}
    for currency in MINOR_DIGITS:
        authorized = db.aggregate(
            Authorization, sums=("amount_minor",), currency=currency, order_by="authorized_at", until=bound
        )
        if authorized.count:
            totals[f"authorized.{currency}"] = authorized.sums["amount_minor"]
        if _add_prepaid(db, currency, bound, totals) or authorized.count:
            _add(db, currency, bound, totals)
    return ControlTotals(service="payment", until=bound, totals=totals)


def _add_prepaid(db: Database, currency: str, until: datetime, totals: dict[str, int]) -> bool:
    found = db.aggregate(Prepayment, sums=("amount_minor",), currency=currency, order_by="prepaid_at", until=until)
    if found.count:
        totals["prepaid.count"] = totals.get("prepaid.count", 0) + found.count
        totals[f"prepaid.{currency}"] = found.sums["amount_minor"]
        for name, at in (("owed_back", "owed_at"), ("repaid", "repaid_at")):
            owed = db.aggregate(OwedBack, sums=("amount_minor",), currency=currency, order_by=at, until=until)
            if owed.count:
                totals[f"{name}.{currency}"] = owed.sums["amount_minor"]
    return bool(found.count)


def _add(db: Database, currency: str, until: datetime, totals: dict[str, int]) -> None:
    for name, kind, field, at in SUMS:
        found = db.aggregate(kind, sums=(field,), currency=currency, order_by=at, until=until)
        if found.count:
            totals[f"{name}.{currency}"] = found.sums[field]
        if name in COUNTED:
            totals[f"{name}.count"] += found.count
