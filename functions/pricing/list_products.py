"""GET /products: the price list."""

from typing import Literal

from functions.pricing.catalogue import products
from shared.http.models import Answer, Items
from shared.values.identifiers import Sku
from shared.values.money import Money


class ListedProduct(Answer):
    """A product and its list price: USD, net of tax."""

    sku: Sku
    name: str
    price: Money
    categories: tuple[str, ...]
    fulfilment: Literal["parcel", "freight"]


class ProductList(Items):
    """Every product, in the catalogue's order; always one page."""

    items: list[ListedProduct]


def list_products() -> ProductList:
    """Return every product with its list price."""
    return ProductList(
        items=[
            ListedProduct(
                sku=each.sku,
                name=each.name,
                price=each.price,
                categories=each.categories,
                fulfilment=each.fulfilment,
            )
            for each in products().values()
        ]
    )
