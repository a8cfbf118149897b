"""The five orders, and how each should end."""

from dataclasses import dataclass
from typing import Any, Literal

_VISA = "tok_visa"


@dataclass(frozen=True)
class Basket:
    """One order to place: the body of `POST /checkout/orders`, and what is special about it."""

    title: str
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


def _customer(email: str, first: str, last: str) -> dict[str, str]:
    return {"email": email, "first_name": first, "last_name": last}


_MOUNTAIN_VIEW = {
    "street_address": "1600 Amphitheatre Parkway",
    "city": "Mountain View",
    "state": "CA",
    "country": "United States",
    "zip_code": "94043",
}
_SEATTLE = {
    "street_address": "400 Broad Street",
    "city": "Seattle",
    "state": "WA",
    "country": "US",
    "zip_code": "98109",
}
_BERLIN = {"street_address": "Unter den Linden 77", "city": "Berlin", "country": "Germany", "zip_code": "10117"}


def _order(customer: dict[str, str], to: dict[str, str], token: str, currency: str, **pieces: int) -> dict[str, Any]:
    return {
        "customer": customer,
        "currency": currency,
        "items": [{"sku": sku.replace("_", "-"), "quantity": quantity} for sku, quantity in pieces.items()],
        "shipping_address": to,
        "payment": {"token": token},
    }


def five() -> list[Basket]:
    """Return the orders in the order of the demo. SKUs: two sunglasses and a mug, a dining table, a watch, a hairdryer, loafers."""
    ada, grace = _customer("ada@example.com", "Ada", "Lovelace"), _customer("gold@example.com", "Grace", "Hopper")
    mary, karl = _customer("mary@review.test", "Mary", "Shelley"), _customer("karl@example.com", "Karl", "Valentin")
    return [
        Basket(
            "plain",
            "sunglasses and a mug, from the shelf to the door",
            _order(ada, _MOUNTAIN_VIEW, _VISA, "USD", OLJCESPC7Z=2, **{"6E92ZMYYFZ": 1}),
        ),
        Basket(
            "with furniture",
            "a table goes by freight in a booked slot, a candle holder by parcel; a gold customer's discount",
            _order(grace, _SEATTLE, _VISA, "USD", FURN_001=1, **{"0PUK6V6EV0": 1}),
        ),
        Basket(
            "held for review",
            "fraud is not sure; goods and money wait until a person approves",
            _order(mary, _MOUNTAIN_VIEW, _VISA, "USD", **{"1YMWWN1N4O": 1}),
            reviewed=True,
        ),
        Basket(
            "declined card",
            "the bank says no; whatever was begun is undone",
            _order(karl, _SEATTLE, "tok_declined", "USD", **{"2ZYFJ3GM2N": 1}),
            ending="declined",
        ),
        Basket(
            "sent twice",
            "one order in euros, sent twice at the same moment and once more later with the same Idempotency-Key",
            _order(_customer("emmy@example.com", "Emmy", "Noether"), _BERLIN, _VISA, "EUR", L9ECAV7KIM=1),
            at_once=2,
        ),
    ]
