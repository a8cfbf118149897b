"""The price list, and what checkout asks of products before it reserves."""

from datetime import UTC, datetime

import pytest

from functions.pricing.list_products import list_products
from functions.pricing.look_up_products import LookUpProducts, look_up_products
from shared.errors import CurrencyNotAccepted, UnknownSku

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_lists_nine_standard_products_and_the_furniture_with_their_dollar_prices() -> None:
    items = list_products(NOW).model_dump(mode="json")["items"]

    assert [item["fulfilment"] for item in items].count("parcel") == 9
    assert [item["sku"] for item in items if item["fulfilment"] == "freight"] == [f"FURN-{n:03d}" for n in range(1, 7)]
    assert items[0] == {
        "sku": "OLJCESPC7Z",
        "name": "Sunglasses",
        "price": {"currency": "USD", "amount": "19.99"},
        "categories": ["accessories"],
        "fulfilment": "parcel",
    }


@pytest.mark.parametrize(
    ("currency", "country", "price_list", "tax", "watch"),
    [
        ("USD", "US", "usd", "excluded", "109.99"),
        ("EUR", "DE", "usd", "excluded", "97.29"),  # 109.99 x 0.8845643521 = 97.2932
        ("JPY", "JP", "usd", "excluded", "12298"),  # 109.99 x 111.8089341 = 12297.86
        ("KWD", "KW", "usd", "excluded", "33.404"),  # 109.99 x 0.3037 = 33.403963
        ("SEK", "SE", "se-consumer", "included", "1279.00"),
        ("SEK", "NO", "usd", "excluded", "1025.23"),  # 109.99 x 9.321096860 = 1025.2274
    ],
)
def test_shows_the_prices_of_a_currency_and_destination(
    currency: str, country: str, price_list: str, tax: str, watch: str
) -> None:
    found = list_products(NOW, currency, country)
    [price] = [each.price for each in found.items if each.name == "Watch"]

    assert (found.price_list, found.tax, price.amount, price.currency) == (price_list, tax, watch, currency)


def test_shows_a_sale_while_it_lasts() -> None:
    [sunglasses, *_] = list_products(datetime(2026, 6, 20, tzinfo=UTC)).items

    assert sunglasses.price.amount == "15.99"


def test_shows_no_prices_in_a_currency_that_is_gone() -> None:
    with pytest.raises(CurrencyNotAccepted):
        list_products(NOW, "HRK")


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
