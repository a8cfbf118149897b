from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.values.identifiers import OrderId, Sku, new_id

moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, st.integers(1, 10**9))
def test_ids_sort_by_time(earlier: datetime, milliseconds: int) -> None:
    later = earlier + timedelta(milliseconds=milliseconds)

    assert new_id("ord", earlier) < new_id("ord", later)


def test_ids_of_one_moment_differ() -> None:
    now = datetime(2026, 11, 20, 8, tzinfo=UTC)

    assert len({new_id("ord", now) for _ in range(1000)}) == 1000


def test_an_id_begins_with_its_prefix_and_is_one_of_its_kind() -> None:
    made = new_id("ord", datetime(2026, 11, 20, 8, tzinfo=UTC))

    assert made.startswith("ord_01M7VZGC00")
    assert TypeAdapter(OrderId).validate_python(made) == made


def test_a_foreign_checkout_keeps_the_id_of_its_order() -> None:
    assert TypeAdapter(OrderId).validate_python("ord_8d7f1c3e-2b5a-4e0f-9c1d-3a6b7c8d9e0f")


@pytest.mark.parametrize("wrong", ["", "ord_", "shp_01M7VZGC00", "ord_a/b", "ord_a b", "ord_" + "x" * 61, "ord_a\n"])
def test_refuses_what_is_no_order_id(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(OrderId).validate_python(wrong)


@pytest.mark.parametrize("wrong", ["", "A", "olj", "-AB", "A" * 33, "AB_C"])
def test_refuses_what_is_no_sku(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Sku).validate_python(wrong)
