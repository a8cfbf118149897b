"""POST /imported-orders/{order_id}/withdraw: a backordered order will not be confirmed; order management cancels it."""

from functions.checkout.imported import ImportAnswer, ImportedOrder, told
from shared.errors import IllegalTransition, NotFound
from shared.storage import Transaction
from shared.values.identifiers import OrderId


def withdraw_import(order_id: OrderId, tx: Transaction) -> ImportAnswer:
    """Withdraw it for good; a repeat is fine. IllegalTransition if it has been confirmed, NotFound for none."""
    imported = tx.get(ImportedOrder, order_id)
    if imported is None:
        raise NotFound(f"no order {order_id} came from another checkout")
    if imported.state == "placed":
        raise IllegalTransition(f"order {order_id} is confirmed")
    if imported.state == "backordered":
        imported.state = "withdrawn"
        tx.put(imported)
    return told(imported)
