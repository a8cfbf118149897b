"""What accounting has begun and not finished, and what waits for no person."""

from functions.accounting.credit_notes import CreditNote
from functions.accounting.invoices import Invoice
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count finished invoices and credit notes that have no number yet."""
    return {
        "unnumbered_invoices": sum(
            db.aggregate(Invoice, status=status, order_by="posted_at").count for status in ("finished", "unaddressed")
        ),
        "unnumbered_credit_notes": db.aggregate(CreditNote, status="finished", order_by="posted_at").count,
    }
