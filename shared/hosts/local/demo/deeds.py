"""What every service did, in a few words with its own numbers."""

from shared.hosts.local.demo.totals import Change


def deeds(change: Change) -> dict[str, str]:
    """Return each service's part in the orders of the demo."""
    return {
        "checkout": _checkout(change),
        "crm": f"knew a gold customer; registered {change.of('crm', 'customers.count')} new ones",
        "pricing": "priced each order twice: as a quote, and for sale",
        "inventory": f"set goods aside; {_stock(change, 'inventory')}",
        "furniture": f"booked a delivery slot; {_stock(change, 'furniture')}",
        "fraud": f"scored each order; remembers {change.of('fraud', 'transactions.count')} for later ones",
        "payment": _payment(change),
        "order_management": _order_management(change),
        "warehouse": _warehouse(change),
        "accounting": _accounting(change),
        "notification": f"sent {_many(change.of('notification', 'sent.count'), 'mail')}",
        "data_warehouse": f"keeps every event: {change.heard('data_warehouse')} of these orders",
    }


def _checkout(change: Change) -> str:
    taken, refused = change.of("checkout", "orders.count"), change.of("checkout", "refused.count")
    return f"took {_many(taken, 'order')} for {change.money('checkout', 'orders.total')}; refused and undid {refused}"


def _stock(change: Change, service: str) -> str:
    return f"{_many(change.gone(service), 'piece')} left, {change.held(service)} still held"


def _payment(change: Change) -> str:
    captures = _many(change.of("payment", "captured.count"), "capture")
    aside, taken = (change.money("payment", name) for name in ("authorized", "captured"))
    return f"set {aside} aside on cards; took {'all of it' if aside == taken else taken} in {captures}"


def _order_management(change: Change) -> str:
    opened, approved, delivered = (
        change.of("order_management", f"{name}.count") for name in ("orders", "approved", "delivered")
    )
    return f"followed {_many(opened, 'order')}; {approved} approved after review, {delivered} delivered"


def _warehouse(change: Change) -> str:
    planned, sent, arrived = (
        change.of("warehouse", f"{name}.count") for name in ("planned", "dispatched", "delivered")
    )
    return f"packed {_many(planned, 'shipment')}, sent {sent}, delivered {arrived}"


def _accounting(change: Change) -> str:
    invoices = _many(change.of("accounting", "invoices_issued.count"), "invoice")
    over = change.money("accounting", "invoices_issued.total")
    return f"issued {invoices} over {over}; made {change.of('accounting', 'entries.count')} journal entries"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
