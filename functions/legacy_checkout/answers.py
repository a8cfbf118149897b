"""What the old receivers answer, in their own shapes."""

from typing import ClassVar, Literal

from pydantic import RootModel

from functions.legacy_checkout.spoken import Number, OldAnswer
from shared.values.clock import Timestamp
from shared.values.personal import Email, PersonalText


class Approved(OldAnswer):
    """KYC: the customer may order."""

    status: Literal["APPROVED"] = "APPROVED"


class Rejected(OldAnswer):
    """KYC: the customer may not; 403, which makes the old checkout refuse the order."""

    answers: ClassVar[int | None] = 403

    status: Literal["REJECTED"] = "REJECTED"


class StockItem(OldAnswer):
    """Inventory: how many pieces of a product can be sold."""

    name: str
    code: str
    count: int


class StockItems(RootModel[list[StockItem]]):
    """Inventory's list."""


class CustomerOrder(OldAnswer):
    """CRM: an order, with what shipping cost."""

    order_id: str
    tracking_id: str | None
    total_amount: Number
    currency: str
    status: str


class CustomerOrders(RootModel[list[CustomerOrder]]):
    """CRM's orders, newest first."""


class OldCustomer(OldAnswer):
    """CRM: a customer."""

    id: str
    name: PersonalText
    surname: PersonalText
    email: Email
    address: PersonalText | None = None


class OldCustomers(RootModel[list[OldCustomer]]):
    """CRM's customers: those of the newest orders."""


class CustomerTaken(OldAnswer):
    """CRM: 201, what it was told is kept."""

    id: str
    name: PersonalText
    surname: PersonalText
    email: Email


class Amount(OldAnswer):
    """An amount and its currency: what the old summaries left out."""

    currency: str
    amount: Number


class Statistics(OldAnswer):
    """CRM: `revenue` is of US dollars alone; `by_currency` has all, none added to another."""

    customers: int
    orders: int
    revenue: Number
    by_currency: list[Amount]


class OldTransaction(OldAnswer):
    """Accounting: one order; `price` is what was paid for it, tax and shipping and all."""

    id: str
    order_id: str
    item: str
    price: Number
    currency: str
    date: Timestamp
    customer: str


class CrmIntegration(OldAnswer):
    """Accounting: whether the CRM answers."""

    connected: bool


class TransactionSummary(OldAnswer):
    """Accounting: `total_amount` is of US dollars alone; `by_currency` has all."""

    total_transactions: int
    total_amount: Number
    by_currency: list[Amount]


class OldTransactions(OldAnswer):
    """Accounting: the newest orders, and a summary of all."""

    transactions: list[OldTransaction]
    crm_integration: CrmIntegration
    summary: TransactionSummary


class WarehouseRow(OldAnswer):
    """Warehouse: one line of a shipment; never a row of nulls."""

    id: str
    order_id: str
    tracking_id: str | None
    item: str
    quantity: int
    cost: Number
    currency: str
    status: str


class WarehouseRows(RootModel[list[WarehouseRow]]):
    """Warehouse's list."""


class ShipmentDetails(OldAnswer):
    """Warehouse: what was taken."""

    order_id: str
    tracking_id: str
    status: Literal["pending_fulfillment"] = "pending_fulfillment"


class ShipmentTaken(OldAnswer):
    """Warehouse: 201."""

    message: str = "Shipment created"
    shipment_details: ShipmentDetails


class Pushed(OldAnswer):
    """Order management: the message is kept."""

    status: Literal["processed"] = "processed"


class Tracked(OldAnswer):
    """Partner: the sighting is kept; `shipments` says of how many."""

    message: str = "Tracking updated"
    tracking_id: str
    shipments: int


class CatalogueItem(OldAnswer):
    """Partner: a product, its price in US dollars, and how many can be sold."""

    id: str
    name: str
    price: Number
    stock: int


class CatalogueItems(RootModel[list[CatalogueItem]]):
    """Partner's catalogue."""


class MetricTaken(OldAnswer):
    """Azure: `risk_score` is 0: how long a checkout took says nothing about fraud, which is asked by checkout."""

    id: str
    risk_score: int = 0


class MetricRow(OldAnswer):
    """Azure: one metric."""

    transaction_type: str
    duration_ms: int
    success: bool
    timestamp: Timestamp


class MetricSummary(OldAnswer):
    """Azure: of all that are kept."""

    total: int
    successful: int
    average_duration_ms: int


class Metrics(OldAnswer):
    """Azure: the newest metrics, and a summary of all."""

    summary: MetricSummary
    data: list[MetricRow]


class Health(OldAnswer):
    """Any receiver."""

    status: Literal["ok"] = "ok"
