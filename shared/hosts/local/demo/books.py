"""What the estate as a whole answers: stock, accounts, reconciliation, deliveries."""

from typing import Any

from shared.http.models import View
from shared.values.money import Money


class Stock(View):
    """What is there of a SKU."""

    sku: str
    on_hand: int
    reserved: int


class Account(View):
    """One account's totals in one currency."""

    account: str
    currency: str
    debit: Money
    credit: Money
    balance: Money


class TrialBalance(View):
    """All accounts."""

    accounts: list[Account]
    balanced: bool


class Reconciliation(View):
    """What differs between the events and the services' own documents."""

    balanced: bool
    differences: list[dict[str, Any]]
    checked: int


class SubscriptionState(View):
    """What went through one subscription."""

    service: str
    delivered: int
    retried: int
    dead_lettered: int


class Customer(View):
    """A customer, as far as it has a name in the books."""

    customer_id: str


class DeadLetter(View):
    """A message that a subscription gave up."""

    subscription: str
