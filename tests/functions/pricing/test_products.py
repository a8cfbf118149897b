"""The price list, and what checkout asks of products before it reserves."""

import pytest

from functions.pricing.list_products import list_products
from functions.pricing.look_up_products import LookUpProducts, look_up_products
from shared.errors import UnknownSku


def test_lists_nine_standard_products_and_the_furniture_with_their_dollar_prices() -> None:
    items = list_products().model_dump(mode="json")["items"]

    assert [item["fulfilment"] for item in items].count("parcel") == 9
    assert [item["sku"] for item in items if item["fulfilment"] == "freight"] == [f"FURN-{n:03d}" for n in range(1, 7)]
    assert items[0] == {
        "sku": "OLJCESPC7Z",
        "name": "Sunglasses",
        "price": {"currency": "USD", "amount": "19.99"},
        "categories": ["accessories"],
        "fulfilment": "parcel",
    }


def test_looks_products_up_in_the_order_asked_each_once() -> None:
    found = look_up_products(LookUpProducts(skus=["FURN-001", "6E92ZMYYFZ", "FURN-001"]))

    assert found.model_dump(mode="json")["items"] == [
        {
            "sku": "FURN-001",
            "name": "Oak Dining Table",
            "fulfilment": "freight",
            "weight_g": 48000,
            "categories": ["furniture", "dining"],
        },
        {"sku": "6E92ZMYYFZ", "name": "Mug", "fulfilment": "parcel", "weight_g": 340, "categories": ["kitchen"]},
    ]


def test_refuses_to_look_up_what_does_not_exist() -> None:
    with pytest.raises(UnknownSku) as refused:
        look_up_products(LookUpProducts(skus=["6E92ZMYYFZ", "NO-SUCH"]))

    assert refused.value.extra == {"skus": ["NO-SUCH"]}
