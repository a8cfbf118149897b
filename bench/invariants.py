"""What must hold when an estate is idle: every order went its whole way; books, stock and events agree with sales."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from bench.estate import Estate
from bench.orders import OPENING, SKUS

_SAMPLE = 8
Get = Callable[[str], Any]
"""Reads a route of the estate as `operator`."""


def disagreements(get: Get) -> list[str]:
    """Return where books do not balance, or services and events differ (stock and its movements among them)."""
    found = [] if get("/accounting/trial-balance")["balanced"] else ["the trial balance is not balanced"]
    report = get("/data_warehouse/reports/reconciliation")
    return found + [f"reconciliation: {each}" for each in report["differences"] or [report] * (not report["balanced"])]


def given_up(get: Get) -> list[str]:
    """Return the dead letters in words."""
    return [
        f"dead letter of {each['subscription']}: {each['event_type']}, {each['error_code']} {each['error_detail']}"
        for each in get("/-/dead-letters")["items"]
    ]


@dataclass
class Sold:
    """What the shop confirmed to its customers: pieces by SKU, money in cents, the orders' ids."""

    pieces: Counter[str] = field(default_factory=Counter)
    cents: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, answers: list[dict[str, Any]]) -> Self:
        """Add up the answers of `POST /checkout/orders` that say confirmed."""
        sold = cls()
        for answer in answers:
            sold.ids.append(answer["order_id"])
            for line in answer["lines"]:
                sold.pieces[line["sku"]] += line["quantity"]
            for part in ("subtotal", "discount", "rounding", "shipping", "tax", "total"):
                sold.cents[part] += cents(answer[part])
        return sold


def cents(money: dict[str, str]) -> int:
    """Return an amount of dollars as cents."""
    return int(money["amount"].replace(".", ""))


def violations(estate: Estate, sold: Sold) -> list[str]:
    """Return what does not hold, in words; empty when all is right."""
    checks = (_books, _warehouse, _counts, _stock, _samples)
    found = disagreements(estate.get) + given_up(estate.get)
    return found + [wrong for check in checks for wrong in check(estate, sold)]


def _books(estate: Estate, sold: Sold) -> list[str]:
    balance = estate.get("/accounting/trial-balance")
    accounts = {row["account"]: cents(row["balance"]) for row in balance["accounts"] if row["entity"] == "ob-us"}
    net = sold.cents["subtotal"] - sold.cents["discount"] + sold.cents["rounding"] + sold.cents["shipping"]
    taxes = {name for name in accounts if name.startswith(("output_tax", "sales_tax:"))}
    accounts["tax owed"] = sum(accounts.pop(name) for name in taxes)
    expected = {"receivables": 0, "contract_liabilities": 0, "goods_in_transit": 0, "tax owed": -sold.cents["tax"]}
    found = [
        f"account {name} is {accounts.get(name, 0)} cents, expected {cent}"
        for name, cent in expected.items()
        if accounts.get(name, 0) != cent
    ]
    revenue = sum(cent for name, cent in accounts.items() if name.startswith("revenue"))
    return found + ([] if revenue == -net else [f"revenue recognised is {-revenue} cents, sold {net}"])


def _warehouse(estate: Estate, sold: Sold) -> list[str]:
    sales = estate.get("/data_warehouse/reports/daily_sales")
    counted = sum(row[sales["columns"].index("orders")] for row in sales["rows"])
    return _differs("orders in the data warehouse", counted, len(sold.ids))


def _counts(estate: Estate, sold: Sold) -> list[str]:
    life = estate.get("/order_management/control-totals")["totals"]
    paid = estate.get("/payment/control-totals")["totals"]
    return [
        *_differs("orders opened", life.get("orders.count", 0), len(sold.ids)),
        *_differs("orders wholly delivered", life.get("delivered.count", 0), len(sold.ids)),
        *_differs("cents captured", paid.get("captured.USD", 0), sold.cents["total"]),
    ]


def _stock(estate: Estate, sold: Sold) -> list[str]:
    found = []
    for sku in SKUS:
        stock = estate.get(f"/inventory/stock/{sku}")
        found += _differs(f"{sku} reserved", stock["reserved"], 0)
        found += _differs(f"{sku} on hand", stock["on_hand"], OPENING - sold.pieces[sku])
    return found


def _samples(estate: Estate, sold: Sold) -> list[str]:
    """Follow a few orders by the routes that people use."""
    step = max(1, len(sold.ids) // _SAMPLE)
    return [wrong for order_id in sold.ids[::step] for wrong in _followed(estate, order_id)]


def _followed(estate: Estate, order_id: str) -> list[str]:
    status = estate.get(f"/order_management/orders/{order_id}")["status"]
    payments = estate.get(f"/payment/payments?order_id={order_id}")["items"]
    invoices = estate.get(f"/accounting/invoices?order_id={order_id}")["items"]
    accounts = [row["account"] for row in estate.get(f"/accounting/entries?order_id={order_id}")["items"]]
    facts = {
        "delivered": status == "delivered",
        "captured": any(row["type"] == "capture" and row["status"] == "captured" for row in payments),
        "invoiced": bool(invoices) and all(row["status"] == "issued" and row["number"] for row in invoices),
        "recognised as revenue": any(account.startswith("revenue") for account in accounts),
    }
    return [f"{order_id} is not {fact}" for fact, holds in facts.items() if not holds]


def _differs(what: str, found: int, expected: int) -> list[str]:
    return [] if found == expected else [f"{what}: {found}, expected {expected}"]
