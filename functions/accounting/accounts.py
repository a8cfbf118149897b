"""The chart of accounts: the names under which the ledger keeps its totals, each with its number, type and side.

A name with a part in braces is a family: `bank_clearing:{gateway}` has an account for every gateway that was used.
"""

from typing import Literal, NamedTuple

AccountType = Literal["asset", "liability", "equity", "revenue", "expense"]
Side = Literal["debit", "credit"]

BANK = "bank"
RECEIVABLES = "receivables"
INVENTORY = "inventory"
GOODS_IN_TRANSIT = "goods_in_transit"
GOODS_RECEIVED = "goods_received"
CONTRACT_LIABILITIES = "contract_liabilities"
REFUND_LIABILITY = "refund_liability"
LOYALTY_LIABILITY = "loyalty_liability"
OUTPUT_TAX = "output_tax"
REVENUE_GOODS = "revenue_goods"
REVENUE_SHIPPING = "revenue_shipping"
SALES_RETURNS = "sales_returns"
DISCOUNTS = "discounts"
COST_OF_SALES = "cost_of_sales"
STOCK_WRITE_OFFS = "stock_write_offs"
FREIGHT = "freight"
PAYMENT_FEES = "payment_fees"
CHARGEBACKS = "chargebacks"
BAD_DEBTS = "bad_debts"
EXCHANGE_DIFFERENCES = "exchange_differences"
ROUNDING = "rounding"


class Account(NamedTuple):
    """A row of the chart; `normal` is the side on which its balance usually stands."""

    name: str
    number: int
    type: AccountType
    normal: Side
    about: str


_ROWS: tuple[tuple[str, int, AccountType, str], ...] = (
    (BANK, 1000, "asset", "What gateways paid out and suppliers were paid from."),
    ("bank_clearing:{gateway}", 1050, "asset", "Captured, less refunded, and not yet paid out to the bank."),
    (RECEIVABLES, 1100, "asset", "What customers owe for shipments that left."),
    ("intercompany:{entity}", 1200, "asset", "What another of our entities owes this one; below zero: is owed."),
    (INVENTORY, 1300, "asset", "Goods in our warehouses, at what they cost (IAS 2)."),
    (GOODS_IN_TRANSIT, 1350, "asset", "Goods that left and have not arrived, at what they cost: still ours."),
    (GOODS_RECEIVED, 2000, "liability", "Goods received and not yet invoiced by their supplier."),
    (CONTRACT_LIABILITIES, 2100, "liability", "Invoiced (net) or prepaid, and not arrived (IFRS 15.106)."),
    (REFUND_LIABILITY, 2150, "liability", "What customers get back for goods that came back (IFRS 15.55)."),
    (LOYALTY_LIABILITY, 2200, "liability", "Points that customers hold, at their value (IFRS 15.B39)."),
    (OUTPUT_TAX, 2300, "liability", "Tax charged by events that do not say whose it is."),
    ("output_vat:{country}", 2310, "liability", "Value added tax charged, owed to that country."),
    ("sales_tax:{state}", 2320, "liability", "Sales tax collected, owed to that state: `sales_tax:US-CA`."),
    ("retained_earnings", 3000, "equity", "Results of years that are closed; nothing is posted during the year."),
    (REVENUE_GOODS, 4000, "revenue", "Goods that arrived, net of the discount given at the sale (IFRS 15.31)."),
    (REVENUE_SHIPPING, 4100, "revenue", "Shipping that was charged, of shipments that arrived."),
    (SALES_RETURNS, 4500, "revenue", "Net of what came back: lowers revenue."),
    (DISCOUNTS, 4600, "revenue", "Loyalty points earned and not yet used: lowers revenue."),
    (COST_OF_SALES, 5000, "expense", "What the goods that arrived had cost."),
    (STOCK_WRITE_OFFS, 5100, "expense", "Goods that vanished or spoiled, less those that were found."),
    (FREIGHT, 5200, "expense", "Carriers' bills."),
    (PAYMENT_FEES, 5300, "expense", "What gateways keep of payments and ask for chargebacks."),
    (CHARGEBACKS, 5400, "expense", "Payments that customers' banks took back."),
    (BAD_DEBTS, 5500, "expense", "Receivables that were given up."),
    (EXCHANGE_DIFFERENCES, 5600, "expense", "Settled at another rate than it was booked at; below zero: a gain."),
    (ROUNDING, 5900, "expense", "Cents that are left when each amount of an entry is converted by itself."),
)
_CONTRA = {SALES_RETURNS, DISCOUNTS}

CHART = tuple(
    Account(name, number, kind, "debit" if kind in ("asset", "expense") or name in _CONTRA else "credit", about)
    for name, number, kind, about in _ROWS
)
_BY_FAMILY = {account.name.partition(":")[0]: account for account in CHART}


def account_of(name: str) -> Account:
    """Return the row of an account or of its family; LookupError for a name that is not in the chart."""
    return _BY_FAMILY[name.partition(":")[0]]


def bank_clearing(gateway: str) -> str:
    """Return the clearing account of a payment gateway."""
    return f"bank_clearing:{gateway}"


def intercompany(entity: str) -> str:
    """Return the account of what another of our entities owes."""
    return f"intercompany:{entity}"


def tax_owed(jurisdiction: str | None) -> str:
    """Return the account of the tax of a country ('NL') or a US state ('US-CA'); unknown: output_tax."""
    if jurisdiction is None:
        return OUTPUT_TAX
    return f"sales_tax:{jurisdiction}" if jurisdiction.startswith("US") else f"output_vat:{jurisdiction}"
