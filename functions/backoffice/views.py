"""What the pages show of each service's answers; fields that no page needs are ignored."""

from shared.http.models import Items, View
from shared.values.clock import Timestamp
from shared.values.money import Money


class Reason(View):
    """Why fraud wants an order looked at."""

    code: str
    points: int


class Fraud(View):
    """What fraud said; no score if it was silent."""

    decision: str
    score: int | None
    reasons: tuple[Reason, ...]
    model_version: str | None


class OrderLine(View):
    """So many pieces of one SKU, and what became of them."""

    sku: str
    name: str
    quantity: int
    dispatched: int
    delivered: int
    cancelled: int
    returned: int


class Paid(View):
    """What went between the customer's card and us."""

    captured: Money
    refunded: Money
    charged_back: Money


class Order(View):
    """An order as order_management has it."""

    order_id: str
    status: str
    total: Money | None
    customer_id: str | None
    placed_at: Timestamp | None
    review_overdue_at: Timestamp | None = None
    lines: tuple[OrderLine, ...]
    fraud: Fraud | None
    payments: Paid | None = None


class Orders(Items):
    """A page of orders."""

    items: list[Order]


class Review(View):
    """A held order that waits for a person."""

    order_id: str
    score: int
    reasons: tuple[Reason, ...]
    total: Money
    placed_at: Timestamp
    overdue_at: Timestamp


class Reviews(Items):
    """The queue of held orders."""

    items: list[Review]


class Moment(View):
    """One thing that happened to an order, in a sentence."""

    at: Timestamp
    who: str
    sentence: str
    type: str


class Timeline(Items):
    """An order's life."""

    items: list[Moment]


class Payment(View):
    """One operation on the customer's card."""

    type: str
    amount: Money
    status: str
    at: Timestamp
    decline_code: str | None = None
    return_id: str | None = None
    cause: str | None = None

    @property
    def repaid_for(self) -> str | None:
        """What a person's repayment ends, where another checkout took the money; None for anything else."""
        is_owed = self.status == "owed" and self.decline_code == "taken_elsewhere"
        return (self.cause or self.return_id) if is_owed else None


class Payments(Items):
    """What was done on the card for an order."""

    items: list[Payment]


class Piece(View):
    """So many pieces of one SKU."""

    sku: str
    quantity: int


class Parcel(View):
    """One parcel of a shipment. Weight in grams."""

    parcel: int
    box: str | None = None
    gross_g: int | None = None
    lines: tuple[Piece, ...]


class Shipment(View):
    """What leaves one place together."""

    shipment_id: str
    status: str
    location: str
    carrier: str | None = None
    tracking_number: str | None = None
    parcels: tuple[Parcel, ...]


class Shipments(Items):
    """An order's shipments."""

    items: list[Shipment]


class Invoice(View):
    """A draft has no number."""

    invoice_id: str
    status: str
    number: str | None = None
    total: Money


class Invoices(Items):
    """An order's invoices."""

    items: list[Invoice]


class Entry(View):
    """One leg of a ledger entry."""

    account: str
    debit: Money
    credit: Money
    cause: str
    at: Timestamp


class Entries(Items):
    """An order's ledger entries."""

    items: list[Entry]


class Message(View):
    """What a customer was told."""

    channel: str
    template: str
    subject: str | None = None
    status: str
    sent_at: Timestamp | None = None


class Messages(Items):
    """What a customer was told of an order."""

    items: list[Message]


class Owed(View):
    """What a customer is to get back by a person's hand."""

    order_id: str
    cause: str
    amount: Money
    why: str
    since: Timestamp


class OwedList(Items):
    """What is owed."""

    items: list[Owed]


class Charged(View):
    """What the old gateway took, as it was told: perhaps in a currency that is not kept here."""

    currency: str
    amount: str


class OldOrder(View):
    """An order that the old checkout sold and that is none of ours yet."""

    order_id: str
    state: str
    heard_at: Timestamp
    overdue: bool
    paid: Charged | None = None
    missing: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    code: str | None = None
    detail: str | None = None


class OldOrders(Items):
    """A page of them, the oldest first."""

    items: list[OldOrder]


class Account(View):
    """One line of the trial balance."""

    account: str
    currency: str
    entity: str
    debit: Money
    credit: Money
    balance: Money


class TrialBalance(View):
    """All accounts."""

    accounts: tuple[Account, ...]
    balanced: bool


class LowStock(View):
    """A SKU with few pieces left, since when."""

    sku: str
    available: int
    threshold: int
    since: Timestamp


class LowStocks(Items):
    """What runs low."""

    items: list[LowStock]
