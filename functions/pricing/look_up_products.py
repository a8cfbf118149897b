"""POST /products/lookup: how products are fulfilled and what they weigh, before stock is reserved."""

from typing import Literal

from pydantic import Field

from functions.pricing.catalogue import products_of
from shared.http.models import Answer, Command, Items
from shared.values.identifiers import Sku


class LookUpProducts(Command):
    """Which products."""

    skus: list[Sku] = Field(min_length=1, max_length=200)


class ProductDetails(Answer):
    """A product; `weight_g` is that of one packed piece."""

    sku: Sku
    name: str
    fulfilment: Literal["parcel", "freight"]
    weight_g: int
    categories: tuple[str, ...]


class ProductsFound(Items):
    """The products in the order first asked, each once."""

    items: list[ProductDetails]


def look_up_products(command: LookUpProducts) -> ProductsFound:
    """Return the named products; UnknownSku lists all that don't exist."""
    return ProductsFound(
        items=[
            ProductDetails(
                sku=each.sku,
                name=each.name,
                fulfilment=each.fulfilment,
                weight_g=each.weight_g,
                categories=each.categories,
            )
            for each in products_of(dict.fromkeys(command.skus))
        ]
    )
