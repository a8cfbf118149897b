"""What accounting has begun and not finished, and what waits for no person."""

from functions.accounting.invoices import Invoice
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count finished invoices that have no number yet."""
    return {"unnumbered_invoices": db.aggregate(Invoice, status="finished", order_by="posted_at").count}
