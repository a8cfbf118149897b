"""What another service said arrives as what it is: the class of its code, with all it carried."""

from typing import Any

import pytest
from pydantic import BaseModel

from shared import errors
from shared.calls.answers import read_answer
from shared.calls.transport import Reply
from shared.errors import BoutiqueError, CallFailed, InProgress, Invalid, PaymentUnavailable, Refusal, Unavailable
from shared.http.problem import internal, problem
from shared.http.request import Response


class Price(BaseModel):
    amount: int = 3


def said(response: Response) -> BoutiqueError:
    """What is raised for this answer."""
    retry_after = dict(response.headers).get("Retry-After")
    reply = Reply(response.status, response.body, int(retry_after) if retry_after else None)
    with pytest.raises(BoutiqueError) as raised:
        read_answer(reply, Price, "pricing", "/prices")
    return raised.value


EVERY = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, BoutiqueError) and "code" in vars(kind)
]
PLAIN = [kind for kind in EVERY if 400 <= kind.status < 500 and kind not in (Invalid, errors.Undeliverable)]


@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.code)
def test_an_error_of_4xx_keeps_its_class_and_detail(kind: type[BoutiqueError]) -> None:
    error = said(problem(kind("the reason")))

    assert type(error) is kind
    assert error.detail == "the reason"


@pytest.mark.parametrize("kind", [each for each in PLAIN if issubclass(each, Refusal)], ids=lambda kind: kind.code)
def test_a_refusal_keeps_what_it_carried(kind: type[Refusal]) -> None:
    carried = {"lines": [{"sku": "RYE"}], "next_slot_id": None, "total": {"currency": "USD", "amount": "1.00"}}

    assert said(problem(kind("the reason", **carried))).extra == carried


def test_invalid_fields_keep_their_names() -> None:
    error = said(problem(Invalid(("a.b", "is required"), ("c", "expected 1 to 9"))))

    assert type(error) is Invalid
    assert error.extra["errors"] == [
        {"field": "a.b", "message": "is required"},
        {"field": "c", "message": "expected 1 to 9"},
    ]


def test_in_progress_keeps_when_to_ask_again() -> None:
    error = said(problem(InProgress("wait", retry_after=9)))

    assert isinstance(error, InProgress)
    assert error.retry_after == 9


def test_a_gateway_that_cannot_process_now_is_told_apart_from_a_service_that_cannot() -> None:
    assert type(said(problem(PaymentUnavailable()))) is PaymentUnavailable
    assert type(said(problem(Unavailable("secret reason")))) is CallFailed


@pytest.mark.parametrize(
    "response",
    [
        internal("a1b2"),
        Response(502, b"<html>Bad Gateway</html>", "text/html"),
        Response(503),
        Response(500, b"[]"),
        Response(404, b"<html>no such page</html>", "text/html"),
        Response(301),
    ],
)
def test_what_is_no_answer_of_ours_is_a_failed_call(response: Response) -> None:
    error = said(response)

    assert type(error) is CallFailed
    assert error.detail == f"pricing/prices answered {response.status}"


def test_a_refusal_that_is_unknown_here_is_a_refusal_all_the_same() -> None:
    error = said(Response(409, b'{"code": "of_a_later_version", "detail": "why"}'))

    assert type(error) is Refusal
    assert error.detail == "why"


@pytest.mark.parametrize(("status", "body"), [(200, b""), (204, b""), (201, b"{}")])
def test_an_answer_without_body_is_an_empty_one(status: int, body: Any) -> None:
    assert read_answer(Reply(status, body), Price, "pricing", "/prices") == Price(amount=3)
