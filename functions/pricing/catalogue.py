"""The price list: what is sold, at which list price in USD, net of tax."""

from collections.abc import Iterable
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.errors import UnknownSku
from shared.seed import read
from shared.values.identifiers import Sku
from shared.values.money import Money

PRICE_LIST_CURRENCY = "USD"


class Product(BaseModel):
    """A product as pricing knows it; `weight_g` is that of one packed piece."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    sku: Sku
    name: str
    price: Money
    categories: tuple[str, ...]
    fulfilment: Literal["parcel", "freight"]
    weight_g: int
    tax_code: str = "standard"


@cache
def products() -> dict[str, Product]:
    """Return every product by SKU, in the catalogue's order; read once per process."""
    return {row["sku"]: Product.model_validate(row) for row in read("catalogue")["products"]}


def products_of(skus: Iterable[str]) -> list[Product]:
    """Return the products in the order asked; UnknownSku names all that there are none of."""
    known, asked = products(), list(skus)
    found = [known[sku] for sku in asked if sku in known]
    if len(found) < len(asked):
        unknown = sorted({sku for sku in asked if sku not in known})
        raise UnknownSku(f"no product has the SKU {', '.join(unknown)}", skus=unknown)
    return found
