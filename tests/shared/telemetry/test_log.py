"""What comes into the log, and what must not."""

import io
import json
import logging
import sys

import pytest

from shared.telemetry.about import about, note_order, note_route
from shared.telemetry.log import JsonLines, configure
from shared.telemetry.trace import span


def test_a_url_with_its_query_is_not_logged_even_when_everything_is(monkeypatch: pytest.MonkeyPatch) -> None:
    root, written = logging.getLogger(), io.StringIO()
    before = root.level, root.handlers[:]
    monkeypatch.setattr(sys, "stderr", written)
    try:
        configure("DEBUG")
        logging.getLogger("urllib3.connectionpool").debug("GET /customers?email=ada@example.com 200")
        logging.getLogger("shared.calls").debug("a call")
    finally:
        root.handlers[:] = before[1]
        root.setLevel(before[0])
        logging.getLogger("urllib3").setLevel(logging.NOTSET)

    assert [json.loads(line)["message"] for line in written.getvalue().splitlines()] == ["a call"]


ADA = "ada@example.com"


def line(message: str, error: BaseException | None = None, project: str = "") -> dict[str, str]:
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("shared.calls", logging.ERROR, __file__, 1, message, None, exc_info)
    written: dict[str, str] = json.loads(JsonLines(project).format(record))
    return written


def test_a_line_says_its_service_route_order_and_trace() -> None:
    order = "ord_01M7VZGC00KRVQKEBZ99Y1BWWW"
    with span("00-93117f3fd13c48fb99af37cdec2433c0-e4c0ed15358ce49d-01"), about("payment"):
        note_route("/authorizations/{order_id}")
        note_order(order)
        with about("fraud"):
            inner = line("within")
        outer = line("around")

    assert (outer["service"], outer["route"], outer["order"]) == ("payment", "/authorizations/{order_id}", order)
    assert outer["trace"] == "93117f3fd13c48fb99af37cdec2433c0"
    assert (inner["service"], "order" in inner) == ("fraud", False)
    assert "service" not in line("outside")


def test_in_google_cloud_a_line_is_linked_to_its_trace() -> None:
    with span("00-93117f3fd13c48fb99af37cdec2433c0-e4c0ed15358ce49d-01") as own:
        linked, plain = line("within", project="shop-prod"), line("within")

    assert {key: value for key, value in linked.items() if key.startswith("logging.googleapis.com/")} == {
        "logging.googleapis.com/trace": "projects/shop-prod/traces/93117f3fd13c48fb99af37cdec2433c0",
        "logging.googleapis.com/spanId": own[36:52],
    }
    assert not [key for key in plain if key.startswith("logging.")]
    assert not [key for key in line("outside", project="shop-prod") if key.startswith("logging.")]


@pytest.mark.parametrize("made_up", ["ord_4111111111111111", "ord_Ada-Lovelace", ADA, "", None, 7])
def test_an_order_that_somebody_made_up_is_not_repeated(made_up: object) -> None:
    with about("payment"):
        note_order(made_up)
        assert "order" not in line("a line")


def test_an_error_and_its_causes_are_told_by_type_and_place() -> None:
    try:
        try:
            raise KeyError(ADA)
        except KeyError as error:
            error.add_note(ADA)
            raise ValueError(f"no such customer: {ADA}") from error
    except ValueError as error:
        written = line("it failed", error)

    assert written["exception"].startswith("ValueError\n")
    assert "KeyError\n" in written["exception"]
    assert "test_log.py" in written["exception"]
    assert ADA not in json.dumps(written)
