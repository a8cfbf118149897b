"""What is checked on the wire of every test bites: whatever goes wrong there, the test that sees it fails."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.errors import NotFound
from shared.events.envelope import Envelope
from shared.http import wsgi
from shared.manifest import topics
from shared.messaging.publisher import messages_of
from shared.storage import buffered
from tests import wire
from tests.in_process import InProcess, basket
from tests.wire import OffContract

HEALTHY = b'{"service": "crm", "status": "ok"}'
PROBLEM = {"type": "about:blank", "title": "x", "status": 404, "code": "not_found", "detail": "x"}


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[InProcess]:
    started = InProcess(tmp_path)
    yield started
    started.close()


def answered(status: int = 200, body: bytes = HEALTHY, path: str = "/health", kind: str = "application/json") -> None:
    wire.exchanged("crm", "GET", path, b"", status, {"Content-Type": kind}, body)


def test_what_is_documented_passes() -> None:
    answered()
    answered(404, json.dumps({**PROBLEM, "order": "more than the schema says"}).encode(), "/nothing")


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (lambda: answered(body=b'{"service": "crm"}'), 'crm: GET /health 200: the whole: "status" is a required'),
        (lambda: answered(body=b'{"service": 1, "status": "ok"}'), "crm: GET /health 200: service: 1 is not of type"),
        (lambda: answered(201), "crm: GET /health 201: the document has no such status"),
        (lambda: answered(kind="text/csv"), "crm: GET /health 200: text/csv, where the document has ['application/"),
        (lambda: answered(path="/undocumented"), "crm: GET /undocumented 200: not in docs/openapi/crm.json"),
    ],
)
def test_an_answer_that_is_not_documented_is_named(case: Callable[[], None], told: str) -> None:
    with pytest.raises(OffContract) as failure:
        case()
    assert str(failure.value).startswith(told)


def test_a_field_too_many_in_an_answer_fails_the_test(estate: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, lambda told: {**told, "colour": "red"} if "rounding" in told else told)

    with pytest.raises(OffContract, match=r"POST /prices 200: .*'colour' was unexpected"):
        estate.place(basket())


def test_a_wrong_field_between_services_fails_the_test(estate: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, lambda told: {**told, "score": "high"} if "score" in told else told)

    with pytest.raises(OffContract, match=r"fraud: POST /api/score 200: score: "):
        estate.place(basket())


def plant(monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Let every service write its answers otherwise."""
    written = wsgi._written

    def changed(result: Any, status: int, request: Any) -> Any:
        response = written(result, status, request)
        return type(response)(response.status, json.dumps(change(json.loads(response.body))).encode())

    monkeypatch.setattr(wsgi, "_written", changed)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"colour": "red"}, "order.confirmed to order-events: data: Additional properties are not allowed"),
        ({"order": None}, "order.confirmed to order-events: data.order: null is not"),
    ],
)
def test_a_planted_field_of_an_event_fails_the_test(
    estate: InProcess, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], told: str
) -> None:
    wrap = buffered.wrap

    def changed(event: Any, **others: Any) -> Envelope:
        sealed = wrap(event, **others)
        planted = {**sealed.data, **change} if sealed.type == "order.confirmed" else sealed.data
        return sealed.model_copy(update={"data": planted})

    monkeypatch.setattr(buffered, "wrap", changed)

    with pytest.raises(OffContract) as failure:
        estate.place(basket())
    assert str(failure.value).startswith(told)


def wrapped(kind: str, data: Any) -> dict[str, Any]:
    publisher = kind.partition(".")[0]
    return {
        "id": "evt_1",
        "type": kind,
        "source": f"/{publisher}",
        "subject": "ord_1",
        "time": datetime(2026, 11, 20, tzinfo=UTC),
        "dataschema": f"https://schemas.online-boutique.example/{kind}/v1",
        "data": data,
    }


def test_an_event_of_an_unknown_type_or_topic_is_named() -> None:
    [message] = messages_of(topics())([Envelope.model_validate(wrapped("payment.invented", {}))])

    with pytest.raises(OffContract, match=r"payment.invented to payment-events: not in docs/asyncapi.json"):
        wire.published([message])


def test_no_service_takes_it_for_a_failure_that_it_knows_how_to_handle() -> None:
    assert not issubclass(OffContract, Exception)
    assert issubclass(NotFound, Exception)
