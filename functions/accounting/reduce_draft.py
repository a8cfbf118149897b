"""order.reduced: what will not leave is not invoiced, so the draft shrinks by it."""

from functions.accounting.amounts import reduced
from functions.accounting.invoices import Reduction, draft_of
from shared.events.order import OrderReduced
from shared.storage import Transaction


def reduce_draft(event: OrderReduced, tx: Transaction) -> None:
    """Take a reduction off the draft once, also of an order that is heard of later; nothing was posted for it."""
    draft = draft_of(tx, event.order_id)
    if all(each.reduction_id != event.reduction_id for each in draft.reductions):
        draft.reductions += (Reduction(reduction_id=event.reduction_id, amounts=reduced(event)),)
        tx.put(draft)
