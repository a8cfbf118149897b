"""The five orders, and how each should end."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Basket:
    """One order to place: the body of `POST /checkout/orders`, and what is special about it."""

    title: str
    wish: str
    """The goods, in words."""
    about: str
    body: dict[str, Any]
    ending: Literal["delivered", "declined"] = "delivered"
    reviewed: bool = False
    at_once: int = 1
    """How many times it is sent at the same moment, with one Idempotency-Key; more than once: once more at the end."""

    @property
    def email(self) -> str:
        """Whose order it is."""
        return str(self.body["customer"]["email"])

    @property
    def pieces(self) -> dict[str, int]:
        """Pieces by SKU."""
        return {item["sku"]: item["quantity"] for item in self.body["items"]}


Place = dict[str, str]

MOUNTAIN_VIEW: Place = {
    "street_address": "1600 Amphitheatre Parkway",
    "city": "Mountain View",
    "state": "CA",
    "country": "United States",
    "zip_code": "94043",
}
SEATTLE: Place = {
    "street_address": "400 Broad Street",
    "city": "Seattle",
    "state": "WA",
    "country": "US",
    "zip_code": "98109",
}
BERLIN: Place = {"street_address": "Unter den Linden 77", "city": "Berlin", "country": "Germany", "zip_code": "10117"}


def order(
    email: str, name: str, to: Place, pieces: dict[str, int], card: str = "tok_visa", currency: str = "USD"
) -> dict[str, Any]:
    """Return the body of an order. Tokens are the sandbox gateway's."""
    first, last = name.split()
    return {
        "customer": {"email": email, "first_name": first, "last_name": last},
        "currency": currency,
        "items": [{"sku": sku, "quantity": quantity} for sku, quantity in pieces.items()],
        "shipping_address": to,
        "payment": {"token": card},
    }


def five() -> list[Basket]:
    """Return the orders in the order of the demo; their SKUs are of the opening data."""
    return [
        Basket(
            "plain",
            "2 sunglasses and a mug",
            "From the shelf to the door.",
            order("ada@example.com", "Ada Lovelace", MOUNTAIN_VIEW, {"OLJCESPC7Z": 2, "6E92ZMYYFZ": 1}),
        ),
        Basket(
            "with furniture",
            "an oak table, a candle holder",
            "The table goes by freight in a booked slot, the rest by parcel; gold customers pay less.",
            order("gold@example.com", "Grace Hopper", SEATTLE, {"FURN-001": 1, "0PUK6V6EV0": 1}),
        ),
        Basket(
            "held for review",
            "a watch",
            "Fraud is not sure: goods and money are set aside until a person approves.",
            order("mary@review.test", "Mary Shelley", MOUNTAIN_VIEW, {"1YMWWN1N4O": 1}),
            reviewed=True,
        ),
        Basket(
            "declined card",
            "a hairdryer",
            "The bank says no, so whatever was begun is undone.",
            order("karl@example.com", "Karl Valentin", SEATTLE, {"2ZYFJ3GM2N": 1}, "tok_declined"),
            ending="declined",
        ),
        Basket(
            "sent twice",
            "a pair of loafers",
            "Sent twice at the same moment, and once more later, with one Idempotency-Key.",
            order("emmy@example.com", "Emmy Noether", BERLIN, {"L9ECAV7KIM": 1}, currency="EUR"),
            at_once=2,
        ),
    ]
