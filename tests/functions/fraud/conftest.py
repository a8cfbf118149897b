"""A fraud service with a history of its own."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.fraud.history import History
from functions.fraud.score import Assessment
from functions.fraud.score_order import ScoreOrder, score_order
from functions.fraud.sqlite_history import SqliteHistory
from shared.storage import Database


@pytest.fixture
def history(database_of: Callable[[str], Database]) -> History:
    return SqliteHistory(database_of("fraud"))


HOME = {"street_address": "1 Main St", "city": "Seattle", "state": "WA", "country": "US", "zip_code": "98101"}
ABROAD = {"street_address": "Damrak 1", "city": "Amsterdam", "country": "NL", "zip_code": "1012 LG"}


def order(number: int | str = 1, amount: str = "50.00", currency: str = "USD", **fields: Any) -> ScoreOrder:
    """An ordinary order of a new customer: one address, their own card, issued at home."""
    asked = {
        "order_id": f"ord_{number}",
        "email": f"customer{number}@example.com",
        "total": {"currency": currency, "amount": amount},
        "shipping_address": HOME,
        "billing_address": HOME,
        "card_fingerprint": f"fp_{number}",
        "card_country": "US",
        "ip": "203.0.113.7",
    }
    return ScoreOrder.model_validate(asked | fields)


@pytest.fixture
def score(history: History, clock: Callable[[], Any]) -> Callable[..., Assessment]:
    return lambda *args, **fields: score_order(order(*args, **fields), history, clock())
