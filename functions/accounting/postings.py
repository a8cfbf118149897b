"""What each event means to the books: pure rules from an event to balanced postings. Amounts are the event's own."""

from collections.abc import Sequence

from functions.accounting import accounts
from functions.accounting.ledger import credit, debit
from shared.events.inventory import StockCommitted, StockReceived
from shared.events.journal import Posting
from shared.events.payment import PaymentCaptured
from shared.events.shipment import ShipmentDelivered, ShipmentDispatched
from shared.values.money import Money


def invoiced(event: ShipmentDispatched) -> list[Posting]:
    """Return the sale at dispatch: the customer owes the total; we owe goods, shipping and tax."""
    return [
        debit(accounts.RECEIVABLES, event.total),
        credit(accounts.CONTRACT_LIABILITIES, event.goods_net + event.shipping_net),
        credit(accounts.OUTPUT_TAX, event.goods_tax + event.shipping_tax),
    ]


def revenue(event: ShipmentDelivered) -> list[Posting]:
    """Return the revenue at delivery, when control passes to the customer (IFRS 15.31)."""
    return [
        debit(accounts.CONTRACT_LIABILITIES, event.goods_net + event.shipping_net),
        credit(accounts.REVENUE_GOODS, event.goods_net),
        credit(accounts.REVENUE_SHIPPING, event.shipping_net),
    ]


def captured(event: PaymentCaptured) -> list[Posting]:
    """Return the payment: the gateway owes us what the customer owed."""
    return [debit(accounts.bank_clearing(event.gateway), event.amount), credit(accounts.RECEIVABLES, event.amount)]


def received(event: StockReceived) -> list[Posting]:
    """Return the goods receipt at cost."""
    cost = event.unit_cost * event.quantity
    return [debit(accounts.INVENTORY, cost), credit(accounts.GOODS_RECEIVED, cost)]


def issued(event: StockCommitted) -> list[Posting]:
    """Return the goods issue at cost: they left, and are ours until they arrive."""
    return [
        posting
        for cost in costs(event)
        for posting in (debit(accounts.GOODS_IN_TRANSIT, cost), credit(accounts.INVENTORY, cost))
    ]


def sold(parts: Sequence[Money]) -> list[Posting]:
    """Return the cost of goods that arrived."""
    return [
        posting
        for cost in parts
        for posting in (debit(accounts.COST_OF_SALES, cost), credit(accounts.GOODS_IN_TRANSIT, cost))
    ]


def costs(event: StockCommitted) -> list[Money]:
    """Return what the goods had cost, one amount per currency, by currency."""
    found: dict[str, Money] = {}
    for line in event.lines:
        cost = line.unit_cost * line.quantity
        found[cost.currency] = found.get(cost.currency, Money.zero(cost.currency)) + cost
    return [found[currency] for currency in sorted(found)]
