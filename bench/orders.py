"""The orders that the benchmark places: three standard products each, every customer another, spread over six towns."""

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

_CATALOGUE = Path(__file__).parents[1] / "shared" / "seed" / "catalogue.json"
SKUS = [
    product["sku"]
    for product in json.loads(_CATALOGUE.read_text("utf-8"))["products"]
    if product["fulfilment"] == "parcel"
]
OPENING = 3000
"""Pieces of each product in an empty estate."""
_TOWNS = [
    ("Mountain View", "CA", "94043"),
    ("Austin", "TX", "78701"),
    ("Seattle", "WA", "98101"),
    ("New York", "NY", "10001"),
    ("Chicago", "IL", "60601"),
    ("Denver", "CO", "80202"),
]
PIECES = 4
"""Pieces of an order: two, one and one."""
MOST = OPENING * len(SKUS) // PIECES - 500
"""Orders that the opening stock is enough for, those to warm an estate apart."""


def items(number: int) -> dict[str, int]:
    """Return what order `number` buys: pieces by SKU."""
    first = number % len(SKUS)
    chosen = [SKUS[(first + step) % len(SKUS)] for step in (0, 1, 3)]
    return dict(zip(chosen, (2, 1, 1), strict=True))


def body(number: int) -> bytes:
    """Return the JSON of order `number`; its customer is known by no earlier order."""
    town, state, zip_code = _TOWNS[number % len(_TOWNS)]
    order = {
        "customer": {"email": f"buyer{number}@bench.example", "first_name": "Bo", "last_name": f"Buyer {number}"},
        "currency": "USD",
        "items": [{"sku": sku, "quantity": quantity} for sku, quantity in items(number).items()],
        "shipping_address": {
            "street_address": f"{number} Market Street",
            "city": town,
            "state": state,
            "country": "US",
            "zip_code": zip_code,
        },
        "payment": {"token": "tok_visa"},
    }
    return json.dumps(order, separators=(",", ":")).encode()


def requests(host: str, token: str, first: int, count: int, write: Callable[[int], bytes] = body) -> list[bytes]:
    """Return whole HTTP requests, ready to be sent, for the orders from `first` on; `write` makes their bodies."""
    return list(_requests(host, token, first, count, write))


def _requests(host: str, token: str, first: int, count: int, write: Callable[[int], bytes]) -> Iterator[bytes]:
    for number in range(first, first + count):
        content = write(number)
        head = (
            f"POST /checkout/orders HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nIdempotency-Key: {uuid.uuid4()}\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        yield head.encode() + content
