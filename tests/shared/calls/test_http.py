"""The Calls port, in process and over a real socket."""

import time
from collections.abc import Callable
from threading import Barrier, Event
from typing import Any, ClassVar

import jwt
import pytest
from pydantic import BaseModel

from shared.calls.breaker import FAILURES
from shared.calls.http import ATTEMPTS, HttpCalls
from shared.errors import CallFailed, NotFound, OutOfStock
from shared.http.models import View
from shared.http.problem import problem
from shared.http.request import Response
from shared.settings import Settings
from shared.storage import Database, Document
from shared.storage.durability import scope
from shared.storage.guard import TransactionOpen
from shared.telemetry.trace import span
from shared.values.money import Money
from tests.shared.calls.conftest import Called, answered


class Price(View):
    amount: int


class Question(BaseModel):
    price: Money
    note: str | None = None


class Intent(Document):
    collection: ClassVar[str] = "intents"

    key: str


def failing(times: int) -> Callable[[dict[str, Any]], Response]:
    """Answer 503 so often, then 200."""
    left = [times]

    def handle(_: dict[str, Any]) -> Response:
        left[0] -= 1
        return answered(503, code="unavailable") if left[0] >= 0 else answered(amount=7)

    return handle


def slow(seconds: float) -> Callable[[dict[str, Any]], Response]:
    def handle(_: dict[str, Any]) -> Response:
        time.sleep(seconds)
        return answered(amount=7)

    return handle


def test_an_answer_becomes_a_model_and_what_it_does_not_name_is_ignored(calls: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/prices"] = lambda _: answered(amount=7, colour="red")

    assert calls.get("pricing", "/prices", Price, sku="A B&C", tier=None) == Price(amount=7)
    [request] = pricing.requests
    assert request["QUERY_STRING"] == "sku=A+B%26C"
    assert request["HTTP_ACCEPT"] == "application/json"


def test_a_body_goes_as_json_without_what_is_not_there(calls: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/prices"] = lambda _: answered(201, amount=7)

    question = Question(price=Money.of("1.50", "USD"))
    assert calls.post("pricing", "/prices", question, Price, key="ord_1:price") == Price(amount=7)
    [request] = pricing.requests
    assert request["body"] == b'{"price":{"currency":"USD","amount":"1.50"}}'
    assert request["CONTENT_TYPE"] == "application/json"
    assert request["HTTP_IDEMPOTENCY_KEY"] == "ord_1:price"


def test_a_mapping_goes_as_json_too(calls: HttpCalls, pricing: Called, now: Any) -> None:
    pricing.handlers["/prices"] = lambda _: answered(amount=7)

    calls.post("pricing", "/prices", {"price": Money.of("1.50", "USD").as_json(), "at": now}, Price)
    [request] = pricing.requests
    assert request["body"] == b'{"price":{"currency":"USD","amount":"1.50"},"at":"2026-11-20T08:00:00Z"}'
    assert "HTTP_IDEMPOTENCY_KEY" not in request


def test_the_callers_own_token_for_that_service_goes_along(calls: HttpCalls, pricing: Called, address: str) -> None:
    pricing.handlers["/prices"] = lambda _: answered(amount=7)
    calls.get("pricing", "/prices", Price)

    scheme, _, token = pricing.requests[0]["HTTP_AUTHORIZATION"].partition(" ")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert scheme == "Bearer"
    assert (claims["email"], claims["aud"]) == ("checkout@local.iam.gserviceaccount.com", address)


def test_the_trace_goes_along(calls: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/prices"] = lambda _: answered(amount=7)
    with span("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01") as own:
        calls.get("pricing", "/prices", Price)

    assert pricing.requests[0]["HTTP_TRACEPARENT"] == own
    assert own.startswith("00-0af7651916cd43dd8448eb211c80319c-")


def test_a_failure_is_tried_again_where_a_repeat_is_harmless(calls: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/get"], pricing.handlers["/post"] = failing(2), failing(2)

    assert calls.get("pricing", "/get", Price) == Price(amount=7)
    assert calls.post("pricing", "/post", {}, Price, key="k") == Price(amount=7)
    assert [request["PATH_INFO"] for request in pricing.requests] == ["/get"] * 3 + ["/post"] * 3
    assert {request.get("HTTP_IDEMPOTENCY_KEY") for request in pricing.requests[3:]} == {"k"}


def test_a_failure_is_not_tried_again_where_a_repeat_may_harm(calls: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/post"] = failing(1)

    with pytest.raises(CallFailed, match="pricing/post answered 503"):
        calls.post("pricing", "/post", {}, Price, repeatable=False)
    assert len(pricing.requests) == 1


def test_attempts_are_bounded(calls: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/get"] = failing(100)

    with pytest.raises(CallFailed):
        calls.get("pricing", "/get", Price)
    assert len(pricing.requests) == ATTEMPTS


def test_no_attempt_begins_after_the_deadline(calls: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/get"] = failing(100)

    began = time.monotonic()
    with pytest.raises(CallFailed):
        calls.get("pricing", "/get", Price, deadline_s=0.02)
    assert len(pricing.requests) == 1
    assert time.monotonic() - began < 1


def test_an_answer_after_the_deadline_is_none(calls: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/slow"] = slow(0.3)

    with pytest.raises(CallFailed):
        calls.get("pricing", "/slow", Price, deadline_s=0.1)
    assert len(pricing.requests) == 1


def test_over_a_socket_nobody_waits_longer_than_the_deadline(over_sockets: HttpCalls, pricing: Called) -> None:
    given_up = Event()

    def never_alone(_: dict[str, Any]) -> Response:
        assert given_up.wait(30)
        return answered(amount=7)

    pricing.handlers["/slow"] = never_alone
    with pytest.raises(CallFailed, match="ReadTimeout"):
        over_sockets.get("pricing", "/slow", Price, deadline_s=0.1)
    given_up.set()


def test_a_refusal_is_raised_by_its_class_and_not_tried_again(calls: HttpCalls, pricing: Called) -> None:
    lines = [{"sku": "RYE", "requested": 9, "available": 2}]
    pricing.handlers["/reserve"] = lambda _: problem(OutOfStock("only 2 left", lines=lines))

    with pytest.raises(OutOfStock, match="only 2 left") as refused:
        calls.post("pricing", "/reserve", {}, Price)
    assert refused.value.extra == {"lines": lines}
    assert len(pricing.requests) == 1


def test_an_answer_of_another_shape_is_a_failed_call_that_repeats_nothing_of_it(
    calls: HttpCalls, pricing: Called
) -> None:
    pricing.handlers["/get"] = lambda _: answered(amount="4111111111111111x")

    with pytest.raises(CallFailed, match=r"^pricing/get answered another shape: amount$"):
        calls.get("pricing", "/get", Price)


def test_a_redirect_is_not_followed(over_sockets: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/get"] = lambda _: Response(302, b"", headers=[("Location", "http://example.com/")])

    with pytest.raises(CallFailed, match="answered 302"):
        over_sockets.get("pricing", "/get", Price)


def test_nobody_listening_is_a_failed_call(settings: Settings, clock: Any) -> None:
    nobody = Settings(data=settings.data, issuer=settings.issuer, addresses={"pricing": "http://127.0.0.1:9"})

    with pytest.raises(CallFailed, match="ConnectionError"):
        HttpCalls("checkout", nobody, {}, clock).get("pricing", "/get", Price)


def test_a_service_that_keeps_failing_is_left_alone(calls: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/post"] = failing(100)
    for _ in range(FAILURES):
        with pytest.raises(CallFailed):
            calls.post("pricing", "/post", {}, Price, repeatable=False)

    with pytest.raises(CallFailed, match="is left alone"):
        calls.post("pricing", "/post", {}, Price)
    assert len(pricing.requests) == FAILURES


def test_a_refusal_is_no_failure_of_the_service(calls: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/get"] = lambda _: problem(NotFound("no such price"))
    for _ in range(FAILURES + 1):
        with pytest.raises(NotFound):
            calls.get("pricing", "/get", Price)

    assert len(pricing.requests) == FAILURES + 1


@pytest.mark.parametrize("way", ["get", "post", "together"])
def test_a_call_inside_a_transaction_is_refused(
    calls: HttpCalls, pricing: Called, database_of: Callable[[str], Database], way: str
) -> None:
    pricing.handlers["/x"] = lambda _: answered(amount=7)
    ways: dict[str, Callable[[], Any]] = {
        "get": lambda: calls.get("pricing", "/x", Price),
        "post": lambda: calls.post("pricing", "/x", {}, Price),
        "together": lambda: calls.together(
            lambda: calls.get("pricing", "/x", Price), lambda: calls.get("pricing", "/x", Price)
        ),
    }

    with pytest.raises(TransactionOpen, match="inside a transaction of checkout"):
        database_of("checkout").transact(lambda tx: ways[way]())
    assert pricing.requests == []


def test_what_a_call_over_a_socket_rests_on_is_safe_before_it_leaves(
    over_sockets: HttpCalls, pricing: Called, database_of: Callable[[str], Database], synced: list[str]
) -> None:
    def handle(_: dict[str, Any]) -> Response:
        synced.append("called")
        return answered(amount=7)

    pricing.handlers["/x"] = handle
    with scope(lambda events: None):
        database_of("checkout").transact(lambda tx: tx.put(Intent(key="ord_1")))
        synced.clear()
        over_sockets.get("pricing", "/x", Price)

    assert synced[:2] == ["synced", "called"]


def test_over_sockets_calls_go_side_by_side(over_sockets: HttpCalls, pricing: Called) -> None:
    all_there = Barrier(3)

    def meet(_: dict[str, Any]) -> Response:
        all_there.wait(30)
        return answered(amount=7)

    for name in ("/a", "/b", "/c"):
        pricing.handlers[name] = meet
    tasks = [lambda name=name: over_sockets.get("pricing", name, Price) for name in ("/a", "/b", "/c")]
    assert over_sockets.together(*tasks) == [Price(amount=7)] * 3
    assert pricing.most_at_once == 3


def test_in_process_calls_go_in_turn(in_process: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/a"], pricing.handlers["/b"] = slow(0.01), slow(0.01)

    in_process.together(lambda: in_process.get("pricing", "/a", Price), lambda: in_process.get("pricing", "/b", Price))
    assert [request["PATH_INFO"] for request in pricing.requests] == ["/a", "/b"]
    assert pricing.most_at_once == 1


def test_the_first_failure_by_position_is_raised_after_all_have_ended(over_sockets: HttpCalls, pricing: Called) -> None:
    def refuse_late(_: dict[str, Any]) -> Response:
        time.sleep(0.1)
        return problem(OutOfStock("late"))

    pricing.handlers["/late"] = refuse_late
    pricing.handlers["/early"] = lambda _: problem(NotFound("early"))
    pricing.handlers["/slow"] = slow(0.2)

    began = time.monotonic()
    with pytest.raises(OutOfStock, match="late"):
        over_sockets.together(
            *(lambda name=name: over_sockets.get("pricing", name, Price) for name in ("/late", "/early", "/slow"))
        )
    assert time.monotonic() - began >= 0.2


def test_calls_side_by_side_are_of_one_trace(over_sockets: HttpCalls, pricing: Called) -> None:
    pricing.handlers["/a"] = pricing.handlers["/b"] = lambda _: answered(amount=7)
    with span(None) as own:
        over_sockets.together(
            lambda: over_sockets.get("pricing", "/a", Price), lambda: over_sockets.get("pricing", "/b", Price)
        )

    assert {request["HTTP_TRACEPARENT"] for request in pricing.requests} == {own}
