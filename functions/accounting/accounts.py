"""The chart of accounts: the names under which the ledger keeps its totals."""

RECEIVABLES = "receivables"
"""What customers owe for shipments that left; a capture that is heard first makes it negative for a moment."""
CONTRACT_LIABILITIES = "contract_liabilities"
"""Net of what was invoiced and has not arrived: goods and shipping still owed to customers (IFRS 15.106)."""
OUTPUT_TAX = "output_tax"
"""Tax charged to customers and owed to tax authorities."""
REVENUE_GOODS = "revenue_goods"
REVENUE_SHIPPING = "revenue_shipping"
INVENTORY = "inventory"
"""Goods in our warehouses, at what they cost."""
GOODS_IN_TRANSIT = "goods_in_transit"
"""Goods that left and have not arrived, at what they cost: still ours (IAS 2)."""
COST_OF_SALES = "cost_of_sales"
GOODS_RECEIVED = "goods_received"
"""Goods received and not yet invoiced by their supplier."""


def bank_clearing(gateway: str) -> str:
    """Return the clearing account of a payment gateway: captured, and not yet on a bank statement."""
    return f"bank_clearing:{gateway}"
