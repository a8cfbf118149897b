"""GET /control-totals: what accounting's own documents add up to, for reconciliation."""

from datetime import datetime

from functions.accounting.account_totals import Sides, totals_by_account, totals_by_currency
from functions.accounting.credit_notes import CreditNote
from functions.accounting.invoices import Invoice
from functions.accounting.ledger import JournalEntry
from shared.http.models import ControlTotals
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.currency import MINOR_DIGITS


def report_control_totals(db: Database, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Add up entries, invoices and credit notes up to `until`; see whether account totals tell the same."""
    moment = until or now
    return ControlTotals(
        service="accounting",
        until=moment,
        totals={
            **_entries(db, moment),
            **_issued(db, Invoice, "invoices_issued", "invoices_issued.total", moment),
            **_issued(db, CreditNote, "credit_notes", "credit_notes", moment),
            "totals_unexplained": _unexplained(db),
        },
    )


def _entries(db: Database, until: datetime | None) -> dict[str, int]:
    found, count = {}, 0
    for currency in MINOR_DIGITS:
        totals = db.aggregate(
            JournalEntry, sums=("debit_minor", "credit_minor"), currency=currency, order_by="posted_at", until=until
        )
        if totals.count:
            count += totals.count
            found[f"debit.{currency}"] = totals.sums["debit_minor"]
            found[f"credit.{currency}"] = totals.sums["credit_minor"]
    return {"entries.count": count, **found}


def _issued(
    db: Database, kind: type[Invoice] | type[CreditNote], counted: str, summed: str, until: datetime
) -> dict[str, int]:
    found, count = {}, 0
    for currency in MINOR_DIGITS:
        totals = db.aggregate(
            kind, sums=("total_minor",), currency=currency, status="issued", order_by="issued_at", until=until
        )
        if totals.count:
            count += totals.count
            found[f"{summed}.{currency}"] = totals.sums["total_minor"]
    return {f"{counted}.count": count, **found}


def _unexplained(db: Database) -> int:
    """Return by how much account totals and entries differ, in minor units.

    Entries are posted meanwhile; both only grow, and together, so the entries' sums lie between the totals read before
    and after them, and whatever lies outside is unexplained.
    """
    before = totals_by_currency(totals_by_account(db))
    entries = _entries(db, None)
    after = totals_by_currency(totals_by_account(db))
    none = (0, 0)
    return sum(_outside(entries, each, before.get(each, none), after.get(each, none)) for each in MINOR_DIGITS)


def _outside(entries: dict[str, int], currency: str, low: Sides, high: Sides) -> int:
    sums = (entries.get(f"debit.{currency}", 0), entries.get(f"credit.{currency}", 0))
    return sum(max(low[i] - sums[i], sums[i] - high[i], 0) for i in (0, 1))
