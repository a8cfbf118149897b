"""A quote is what the order will cost, and nothing else happens."""

from typing import Any

import pytest

from tests.estate import RunningEstate
from tests.journeys.baskets import BERLIN, CALIFORNIA, MUG, SOFA, SUNGLASSES, TOKYO, WATCH, basket, new_email
from tests.journeys.shopping import amount, place, stock

pytestmark = pytest.mark.estate
PRICED = ("currency", "lines", "subtotal", "discount", "rounding", "shipping", "shipping_tax", "tax", "total")


def quote(estate: RunningEstate, *items: tuple[str, int], **more: Any) -> dict[str, Any]:
    answer = estate.ask("POST", "/checkout/quotes", basket(*items, token=None, **more), caller="gke-checkout")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("items", "more"),
    [
        (((SUNGLASSES, 2), (MUG, 1)), {}),
        (((SOFA, 1), (MUG, 7)), {"delivery": {"service_level": "assembly"}}),
        (((WATCH, 3),), {"email": "gold@example.com"}),
        (((MUG, 13),), {"email": "platinum@example.com", "currency": "EUR", "to": BERLIN}),
        (((MUG, 3), (WATCH, 1)), {"currency": "JPY", "to": TOKYO}),
    ],
    ids=["plain", "furniture", "gold", "platinum in euro", "yen"],
)
def test_a_quote_has_the_order_s_totals(estate: RunningEstate, items: Any, more: dict[str, Any]) -> None:
    quoted = quote(estate, *items, **more)

    order = place(estate, basket(*items, expected_total=quoted["total"], **more))

    assert {name: order.answer[name] for name in PRICED} == quoted
    estate.settle()


def test_a_quote_creates_no_customer_and_reserves_nothing(estate: RunningEstate) -> None:
    estate.settle()
    email = new_email()
    before = (stock(estate, MUG), stock(estate, SOFA, "furniture"), delivered(estate))

    quote(estate, (MUG, 5), (SOFA, 1), email=email)
    estate.settle()

    assert estate.items(f"/crm/customers?email={email}") == []
    assert (stock(estate, MUG), stock(estate, SOFA, "furniture"), delivered(estate)) == before


def delivered(estate: RunningEstate) -> int:
    """How many events were ever pushed."""
    return sum(each["delivered"] for each in estate.get("/-/subscriptions")["items"])


def test_every_amount_adds_up(estate: RunningEstate) -> None:
    found = quote(estate, (MUG, 7), (WATCH, 3), (SOFA, 2), email="gold@example.com")

    for line in found["lines"]:
        net = amount(line["unit_price"]) * line["quantity"] - amount(line["discount"]) + amount(line["rounding"])
        assert amount(line["total"]) == net + amount(line["tax"])
    lines = [(amount(line["unit_price"]) * line["quantity"], amount(line["tax"])) for line in found["lines"]]
    assert amount(found["subtotal"]) == sum(net for net, _ in lines)
    assert amount(found["tax"]) == sum(tax for _, tax in lines) + amount(found["shipping_tax"])
    parts = [amount(found[name]) for name in ("subtotal", "rounding", "shipping", "tax")]
    assert amount(found["total"]) == sum(parts) - amount(found["discount"])


def test_a_tier_earns_its_discount(estate: RunningEstate) -> None:
    discounts = [
        quote(estate, (WATCH, 10), email=f"{tier}@example.com")["discount"]["amount"]
        for tier in ("bronze", "silver", "gold", "platinum")
    ]

    assert discounts[0] == "0.00"
    assert sorted(discounts, key=float) == discounts
    assert len(set(discounts)) == 4


def test_a_country_may_be_told_by_its_english_name(estate: RunningEstate) -> None:
    named, coded = (quote(estate, to=CALIFORNIA | {"country": country}) for country in ("United States", "US"))

    assert named == coded
    assert named["tax"]["amount"] == "3.55"


def test_the_same_sku_twice_is_added_up(estate: RunningEstate) -> None:
    twice, once = quote(estate, (MUG, 2), (SUNGLASSES, 1), (MUG, 3)), quote(estate, (MUG, 5), (SUNGLASSES, 1))

    assert twice == once
    assert [(line["sku"], line["quantity"]) for line in twice["lines"]] == [(MUG, 5), (SUNGLASSES, 1)]


def test_everything_but_payment_may_be_quoted_and_payment_is_refused_by_name(estate: RunningEstate) -> None:
    answer = estate.ask("POST", "/checkout/quotes", basket(), caller="gke-checkout")

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["payment"])
