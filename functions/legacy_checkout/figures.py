"""What our services say, for the old answers: every figure is asked of the service whose figure it is."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Literal

from functions.legacy_checkout.answers import Amount
from functions.legacy_checkout.gathered import GatheredOrder
from functions.legacy_checkout.old_services import OldServices
from functions.legacy_checkout.spoken import foreign_id
from shared.calls import Calls
from shared.http.models import ControlTotals, View
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.currency import MINOR_DIGITS
from shared.values.money import Money
from shared.values.personal import Email, PersonalText

NEWEST = 50
"""How many rows the old lists show."""
HOME = "USD"


class ProductView(View):
    """A product of pricing's list."""

    sku: str
    name: str
    price: Money
    fulfilment: Literal["parcel", "freight"]


class ProductsView(View):
    """pricing's list."""

    items: list[ProductView]


class StockView(View):
    """A SKU's stock."""

    sku: str
    available: int


class LineView(View):
    """A line of an order."""

    sku: str
    quantity: int


class OrderView(View):
    """An order as order management shows it."""

    order_id: str
    status: str
    currency: str
    total: Money
    customer_id: str
    lines: list[LineView]
    placed_at: Timestamp


class OrdersView(View):
    """Order management's list."""

    items: list[OrderView]


class AddressView(View):
    """Where a customer lives."""

    street_address: PersonalText
    city: PersonalText
    state: str | None = None
    country: str
    zip_code: PersonalText

    @property
    def line(self) -> str:
        """The address on one line, as the old CRM kept it."""
        return f"{self.street_address}, {self.city}, {self.state or ''}, {self.country} {self.zip_code}"


class CustomerView(View):
    """A customer of crm."""

    customer_id: str
    email: Email
    first_name: PersonalText
    last_name: PersonalText
    standing: Literal["good", "watch", "blocked"]
    addresses: list[AddressView] = []


class CustomersView(View):
    """crm's list."""

    items: list[CustomerView]


def products(call: Calls) -> list[ProductView]:
    """Return what the old shop sells: what goes by parcel."""
    return [each for each in call.get("pricing", "/products", ProductsView).items if each.fulfilment == "parcel"]


def stock(call: Calls, skus: Iterable[str]) -> dict[str, int]:
    """Return how many of each can be sold."""
    asked = [partial(call.get, "inventory", f"/stock/{sku}", StockView) for sku in skus]
    return {each.sku: each.available for each in call.together(*asked)}


def orders(call: Calls) -> list[OrderView]:
    """Return the newest orders."""
    return call.get("order_management", "/orders", OrdersView, limit=NEWEST).items


def customers(call: Calls, found: list[OrderView]) -> list[CustomerView]:
    """Return who placed these orders, each once."""
    ids = dict.fromkeys(each.customer_id for each in found)
    return list(call.together(*(partial(call.get, "crm", f"/customers/{one}", CustomerView) for one in ids)))


def sums(call: Calls) -> tuple[int, list[Amount]]:
    """Return how many orders there are, and their totals by currency."""
    totals = call.get("order_management", "/control-totals", ControlTotals).totals
    name = "orders.total."
    amounts = [
        Amount(currency=code, amount=Decimal(minor).scaleb(-MINOR_DIGITS[code]))
        for key, minor in sorted(totals.items())
        if key.startswith(name) and (code := key.removeprefix(name))
    ]
    return totals.get("orders.count", 0), amounts


def at_home(amounts: list[Amount]) -> Decimal:
    """Return the sum of US dollars: nothing of another currency is added to it."""
    return next((each.amount for each in amounts if each.currency == HOME), Decimal(0))


def heard_of(db: Database, found: list[OrderView]) -> list[GatheredOrder | None]:
    """Return what was heard of each from the old checkout; None for who ordered elsewhere."""
    return db.get_many(GatheredOrder, [foreign_id(each.order_id) for each in found])


def tracking_of(db: Database, found: list[OrderView]) -> dict[str, str | None]:
    """Return the tracking ids that the old checkout gave, by our order id."""
    heard = zip(found, heard_of(db, found), strict=True)
    return {each.order_id: known.tracking_id if known else None for each, known in heard}


def told_so_far(old: OldServices, db: Database) -> int:
    """Return how many orders were told of: how many rows an old list should have. 0 where nobody is shadowed."""
    return db.aggregate(GatheredOrder, order_by="heard_at").count if old.shadowed else 0
