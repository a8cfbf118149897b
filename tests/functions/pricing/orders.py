"""Orders to price, and the figures of their prices as people write them."""

from typing import Any

from functions.pricing.embedded_tax import EmbeddedTax
from functions.pricing.price_order import PriceOrder, Prices, price_order
from functions.pricing.vat_id_format import VatIdFormat

SUNGLASSES, MUG, TABLE, SOFA = "OLJCESPC7Z", "6E92ZMYYFZ", "FURN-001", "FURN-003"
TANK_TOP, LOAFERS, JAR, WATCH = "66VCHSJNUP", "L9ECAV7KIM", "9SIQT8TOJO", "1YMWWN1N4O"

CALIFORNIA = {
    "street_address": "1600 Amphitheatre Parkway",
    "city": "Mountain View",
    "state": "CA",
    "country": "US",
    "zip_code": "94043",
}
BERLIN = {"street_address": "Unter den Linden 1", "city": "Berlin", "country": "DE", "zip_code": "10117"}
TOKYO = {"street_address": "1-1 Chiyoda", "city": "Tokyo", "country": "JP", "zip_code": "100-8111"}
KUWAIT = {"street_address": "Gulf Road 1", "city": "Kuwait City", "country": "KW", "zip_code": "13001"}
PORTLAND = {"street_address": "1 Main St", "city": "Portland", "state": "OR", "country": "US", "zip_code": "97201"}
NEW_YORK = {"street_address": "1 Broadway", "city": "New York", "state": "NY", "country": "US", "zip_code": "10004"}


def address(country: str, state: str | None = None, zip_code: str = "11111") -> dict[str, Any]:
    """Return some address in a country or US state."""
    return {"street_address": "1 Way", "city": "Town", "state": state, "country": country, "zip_code": zip_code}


def usd(amount: str) -> dict[str, str]:
    return {"currency": "USD", "amount": amount}


def order(*lines: tuple[str, int], to: dict[str, Any] = CALIFORNIA, **changes: Any) -> PriceOrder:
    asked = {
        "currency": "USD",
        "tier": "bronze",
        "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines],
        "shipping_address": to,
        "at": "2026-11-20T08:00:00Z",
    }
    return PriceOrder.model_validate({**asked, **changes})


def figures(prices: Prices) -> dict[str, str]:
    names = ("subtotal", "discount", "rounding", "shipping", "shipping_tax", "tax", "total")
    return {name: getattr(prices, name).amount for name in names}


def line_figures(prices: Prices) -> list[tuple[str, ...]]:
    """Return (unit price, discount, tax, total, tax rate) of each line."""
    return [
        (line.unit_price.amount, line.discount.amount, line.tax.amount, line.total.amount, line.tax_rate)
        for line in prices.lines
    ]


def charge_figures(prices: Prices) -> list[tuple[str, ...]]:
    """Return (fulfilment, net, tax, tax rate) of each shipping charge."""
    return [(c.fulfilment, c.net.amount, c.tax.amount, c.tax_rate) for c in prices.shipping_charges]


def price(*lines: tuple[str, int], to: dict[str, Any] = CALIFORNIA, **changes: Any) -> Prices:
    """Price an order by the embedded tables."""
    return price_order(order(*lines, to=to, **changes), EmbeddedTax(), VatIdFormat())
