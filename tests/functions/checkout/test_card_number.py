"""A card number that comes where a token, a name or an address belongs is kept nowhere."""

from typing import Any

import pytest

from tests.in_process import ADA, HOME, InProcess, basket


@pytest.mark.parametrize(
    "change",
    [
        {"payment": {"token": "4111 1111 1111 1111"}},
        {"customer": ADA | {"last_name": "4111 1111 1111 1111"}},
        {"shipping_address": HOME | {"street_address": "4111 1111 1111 1111"}},
        {"billing_address": HOME | {"street_address": "4111 1111 1111 1111"}},
    ],
)
def test_a_card_number_is_refused_before_anything_is_written(estate: InProcess, change: dict[str, Any]) -> None:
    status, problem = estate.place(basket(**change))
    assert (status, problem["code"]) == (422, "card_number_refused")
    assert [service for service, _ in estate.requests] == ["checkout"]
    written = [file for file in estate.settings.data.glob("*.db*") if file.is_file()]
    assert len(written) > 12
    assert not [file.name for file in written if b"4111 1111 1111 1111" in file.read_bytes()]
