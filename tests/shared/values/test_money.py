"""Money: exact, strict on the wire, and every residual cent has an owner."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.values.currency import MINOR_DIGITS
from shared.values.money import Money, total

currencies = st.sampled_from(sorted(MINOR_DIGITS))
minors = st.integers(-(10**14), 10**14)
monies = st.builds(Money, currencies, minors)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


class Bill(BaseModel):
    due: Money


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


@given(monies, weights)
def test_parts_sum_to_the_whole(money: Money, by: list[int]) -> None:
    assert total(money.apportion(by), money.currency) == money


@given(monies, weights)
def test_no_part_is_a_minor_unit_away_from_its_proportion(money: Money, by: list[int]) -> None:
    if sum(by) == 0:
        assert money.apportion(by) == [money, *[Money.zero(money.currency)] * (len(by) - 1)]
        return
    for part, weight in zip(money.apportion(by), by, strict=True):
        assert abs(part.minor * sum(by) - money.minor * weight) < sum(by)


@given(monies, weights)
def test_a_credit_is_divided_as_its_debit(money: Money, by: list[int]) -> None:
    assert [-part for part in money.apportion(by)] == (-money).apportion(by)


def test_residual_cents_go_to_the_largest_remainders_and_then_to_the_first() -> None:
    assert usd("1.00").apportion([1, 1, 1]) == [usd("0.34"), usd("0.33"), usd("0.33")]
    assert usd("0.05").apportion([3, 7]) == [usd("0.02"), usd("0.03")]
    assert usd("0.02").apportion([0, 1, 1, 1]) == [usd("0.00"), usd("0.01"), usd("0.01"), usd("0.00")]


@pytest.mark.parametrize("by", [[], [1, -1]])
def test_refuses_to_apportion_by_nothing_or_by_less_than_nothing(by: list[int]) -> None:
    with pytest.raises(ValueError, match="at least one weight and none below zero"):
        usd("1.00").apportion(by)


@pytest.mark.parametrize(
    ("amount", "factor", "product"),
    [("0.50", "0.25", "0.13"), ("-0.50", "0.25", "-0.13"), ("19.99", "0.0725", "1.45"), ("0.01", "0.5", "0.01"),
     ("0.01", "0.49", "0.00"), ("-0.01", "0.5", "-0.01"), ("3.00", "7", "21.00")],
)  # fmt: skip
def test_rounds_half_up_away_from_zero(amount: str, factor: str, product: str) -> None:
    assert usd(amount).times(Decimal(factor)) == usd(product)


@given(monies)
def test_what_is_written_is_read_back(money: Money) -> None:
    bill = Bill(due=money)

    assert Bill.model_validate_json(bill.model_dump_json()) == bill
    assert Money.of(money.amount, money.currency) == money
    assert money.decimal == Decimal(money.amount)


@pytest.mark.parametrize(
    ("currency", "minor", "amount"),
    [("USD", 1999, "19.99"), ("USD", 5, "0.05"), ("USD", -5, "-0.05"), ("USD", 0, "0.00"), ("JPY", 1200, "1200"),
     ("KWD", -500, "-0.500")],
)  # fmt: skip
def test_writes_exactly_the_minor_digits_of_the_currency(currency: str, minor: int, amount: str) -> None:
    assert Money(currency, minor).as_json() == {"currency": currency, "amount": amount}


@pytest.mark.parametrize(
    "wire",
    [
        {"currency": "USD", "amount": 19.99},
        {"currency": "USD", "amount": 1999},
        {"currency": "USD", "amount": "19.9"},
        {"currency": "USD", "amount": "19.990"},
        {"currency": "USD", "amount": "19"},
        {"currency": "USD", "amount": "19."},
        {"currency": "USD", "amount": ".99"},
        {"currency": "USD", "amount": "+19.99"},
        {"currency": "USD", "amount": "--1.00"},
        {"currency": "USD", "amount": "1,000.00"},
        {"currency": "USD", "amount": "1_000.00"},
        {"currency": "USD", "amount": " 19.99"},
        {"currency": "USD", "amount": "19.99\n"},
        {"currency": "USD", "amount": "1e3.00"},
        {"currency": "USD", "amount": "NaN"},
        {"currency": "USD", "amount": "١٩.٩٩"},
        {"currency": "USD", "amount": "1000000000000000.00"},
        {"currency": "JPY", "amount": "1200.00"},
        {"currency": "JPY", "amount": "1200."},
        {"currency": "KWD", "amount": "1.50"},
        {"currency": "usd", "amount": "19.99"},
        {"currency": "XXX", "amount": "19.99"},
        {"currency": "USD"},
        {"currency": "USD", "amount": "19.99", "tax": "0"},
        "19.99",
        19.99,
        None,
    ],
    ids=repr,
)
def test_refuses_anything_but_a_decimal_string_with_its_minor_digits(wire: object) -> None:
    with pytest.raises(ValidationError):
        Bill.model_validate({"due": wire})


def test_money_of_two_currencies_does_not_meet() -> None:
    euro = Money.of("1.00", "EUR")
    with pytest.raises(ValueError, match="USD and EUR don't add"):
        usd("1.00") + euro
    with pytest.raises(ValueError, match="don't add"):
        usd("1.00") < euro  # noqa: B015
    with pytest.raises(ValueError, match="don't add"):
        total([usd("1.00"), euro], "USD")
    assert usd("1.00") != Money.of("1.00", "EUR")


def test_money_and_a_number_do_not_meet() -> None:
    with pytest.raises(TypeError, match="money and int"):
        usd("1.00") + 1  # type: ignore[operator]


def test_nothing_adds_up_to_nothing() -> None:
    assert total([], "JPY") == Money.zero("JPY")
    assert not Money.zero("JPY")


def test_money_does_not_change() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        usd("1.00").minor = 2


@pytest.mark.parametrize(("amount", "currency"), [("1.005", "USD"), ("1.5", "JPY"), ("one", "USD"), ("1", "ABC")])
def test_refuses_an_amount_that_the_currency_cannot_hold(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"minor digits|not a decimal|unknown currency"):
        Money.of(amount, currency)


@given(monies, minors)
def test_sums_and_differences_are_exact(money: Money, other: int) -> None:
    step = Money(money.currency, other)

    assert (money + step) - step == money
    assert (money < step) == (money.minor < other)
    assert hash(money) == hash(Money(money.currency, money.minor))
