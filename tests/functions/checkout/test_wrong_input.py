"""What another service finds wrong is told by the field that the customer sent, and is not kept under the key."""

from typing import Any

import pytest

from functions.checkout.order import Failure
from shared.errors import Forbidden, Invalid, OutOfStock, PaymentUnavailable, Unavailable
from tests.in_process import InProcess, basket

SOFA = [{"sku": "FURN-001", "quantity": 1}]
NOWHERE = {"street_address": "1 Bay Street", "city": "Nassau", "country": "BS", "zip_code": "N-1"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"items": SOFA, "delivery": {"service_level": "by_drone"}}, "delivery.service_level"),
        ({"items": SOFA, "delivery": {"slot_id": "no-slot"}}, "delivery.slot_id"),
        ({"items": SOFA, "shipping_address": NOWHERE}, "shipping_address.country"),
        ({"payment": {"token": "tok_unheard_of"}}, "payment.token"),
    ],
)
def test_fields_are_named_as_they_were_sent_every_time(estate: InProcess, wrong: dict[str, Any], field: str):
    for _ in range(2):
        status, problem = estate.place(basket(**wrong), "one-key")
        assert (status, problem["code"]) == (422, "invalid")
        assert [error["field"] for error in problem["errors"]] == [field]
    assert estate.get("/furniture/stock/FURN-001")["reserved"] == 0


@pytest.mark.parametrize(
    ("error", "kept", "final"),
    [
        (OutOfStock("none left", lines=[]), OutOfStock, True),
        (Invalid(("items.0.sku", "expected a SKU")), Invalid, False),
        (PaymentUnavailable(), PaymentUnavailable, False),
        (Unavailable("later"), Unavailable, False),
        (Forbidden("checkout may not call this route"), Unavailable, False),
    ],
)
def test_only_refusals_are_answered_again(error: Any, kept: type[Exception], final: bool):
    failure = Failure.of(error)

    assert type(failure.error()) is kept
    assert failure.is_final is final
    if kept is type(error):
        assert (failure.error().detail, failure.error().extra) == (error.detail, error.extra)
    else:
        assert "route" not in failure.detail
