"""GET /supplier-bills: which bills of carriers and suppliers were booked as paid, and by whom; newest first."""

from typing import Annotated, Literal

from pydantic import Field

from functions.accounting.record_supplier_bill import SupplierBill
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.money import Money


class BookedBill(Answer):
    """One bill; `bill_id` is the `event_id` of its postings."""

    bill_id: str
    entity: str
    supplier: str
    reference: str
    kind: Literal["freight", "goods"]
    amount: Money
    by: str
    recorded_at: Timestamp


class SupplierBills(Items):
    """A page of bills."""

    items: list[BookedBill]


def list_supplier_bills(
    db: Database,
    since: Timestamp | None = None,
    until: Timestamp | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> SupplierBills:
    """List bills of a span of time (both ends included)."""
    page = db.query(
        SupplierBill, order_by="recorded_at", descending=True, since=since, until=until, limit=limit, cursor=cursor
    )
    items = [BookedBill.model_validate(each, from_attributes=True) for each in page.items]
    return SupplierBills(items=items, next_cursor=page.next_cursor)
