"""What customers put into their baskets."""

from itertools import count
from typing import Any

SUNGLASSES, MUG, WATCH = "OLJCESPC7Z", "6E92ZMYYFZ", "1YMWWN1N4O"
SOFA = "FURN-001"

CALIFORNIA = {
    "street_address": "1600 Amphitheatre Parkway",
    "city": "Mountain View",
    "state": "CA",
    "country": "US",
    "zip_code": "94043",
}
BERLIN = {"street_address": "Unter den Linden 1", "city": "Berlin", "country": "DE", "zip_code": "10117"}
TOKYO = {"street_address": "1-1 Chiyoda", "city": "Tokyo", "country": "JP", "zip_code": "100-0001"}

_customers = count(1)


def new_email(domain: str = "example.com") -> str:
    """An address that no order had before, so that fraud counts no velocity."""
    return f"journey-{next(_customers)}@{domain}"


def basket(
    *items: tuple[str, int],
    email: str | None = None,
    token: str | None = "tok_visa",
    currency: str = "USD",
    to: dict[str, Any] = CALIFORNIA,
    **more: Any,
) -> dict[str, Any]:
    """The body of an order; of a quote with `token=None`. Two sunglasses and a mug unless told otherwise."""
    body: dict[str, Any] = {
        "customer": {"email": email or new_email(), "first_name": "Ada", "last_name": "Lovelace"},
        "currency": currency,
        "items": [{"sku": sku, "quantity": quantity} for sku, quantity in items or ((SUNGLASSES, 2), (MUG, 1))],
        "shipping_address": to,
        **more,
    }
    return body | ({"payment": {"token": token}} if token else {})
