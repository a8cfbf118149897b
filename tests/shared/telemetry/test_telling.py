"""An invocation is told in the log and among the spans: at once, or with its batch when that has settled."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.settings import Settings
from shared.telemetry.log import JsonLines
from shared.telemetry.spans import Ended, Spans
from shared.telemetry.telling import Telling, telling
from shared.telemetry.trace import span

BEGAN = datetime(2026, 11, 20, 8, tzinfo=UTC)
TRACE, OWN = "93117f3fd13c48fb99af37cdec2433c0", "e4c0ed15358ce49d"


def delivery(effect: str | None = "applied", status: int = 204, ms: float = 0.5, **known: Any) -> Ended:
    about = {"service": "accounting", "route": "/events/draft_invoice", "subscription": "accounting.draft_invoice"}
    said = about | ({"effect": effect} if effect else {}) | known
    return f"00-{TRACE}-{OWN}-01", said, "POST", status, b'{"code": "unavailable"}', BEGAN, ms


def request(method: str, status: int = 200) -> Ended:
    return (
        f"00-{TRACE}-{OWN}-01",
        {"service": "crm", "route": "/customers", "parent": "a"},
        method,
        status,
        b"",
        BEGAN,
        1.0,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spans"


@pytest.fixture
def teller(folder: Path) -> Telling:
    return Telling(Spans(folder))


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(JsonLines().format(record)) for record in caplog.records]


def recorded(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()]


def test_what_has_ended_is_told_as_it_was_then_whoever_tells_it(
    teller: Telling, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="boutique.requests"), span(None):  # of another invocation
        teller.tell_held([delivery(ms=0.4, order="ord_1"), delivery("kept", ms=0.7, order="ord_2")], True)
        lines = logged(caplog)

    assert [(each["order"], each["effect"], each["ms"]) for each in lines] == [
        ("ord_1", "applied", 0.4),
        ("ord_2", "kept", 0.7),
    ]
    assert {(each["trace"], each["span"], each["message"]) for each in lines} == {
        (TRACE, OWN, "POST /events/draft_invoice 204")
    }
    assert [(each["order"], each["effect"], each["at"]) for each in recorded(folder)] == [
        ("ord_1", "applied", 1_795_161_600_000_000),
        ("ord_2", "kept", 1_795_161_600_000_000),
    ]


def test_a_delivery_is_part_of_its_events_trace_and_not_of_the_brokers_request(
    teller: Telling, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="boutique.requests"):
        teller.tell(delivery(trace="f" * 32, span="e" * 16))
        [line] = logged(caplog)

    assert (line["trace"], line["span"]) == ("f" * 32, "e" * 16)


@pytest.mark.parametrize("effect", ["applied", "suppressed", "kept", "dead-lettered"])
def test_whatever_a_delivery_of_a_batch_that_did_not_settle_said_is_in_doubt(
    teller: Telling, folder: Path, effect: str
) -> None:
    teller.tell_held([delivery(effect)], False)

    assert [each["effect"] for each in recorded(folder)] == ["in-doubt"]


def test_what_failed_anyhow_or_only_looked_is_in_no_doubt(teller: Telling, folder: Path) -> None:
    teller.tell_held([delivery(None, 503), request("GET"), request("POST", 409), request("POST")], False)

    told = [(each["method"], each["status"], each.get("effect")) for each in recorded(folder)]
    assert told == [("POST", 503, None), ("GET", 200, None), ("POST", 409, None), ("POST", 200, "in-doubt")]


def test_a_delivery_whose_work_was_done_again_and_said_nothing_else_was_applied(teller: Telling, folder: Path) -> None:
    teller.tell_held([delivery(None), delivery(None, 503), request("POST")], True)

    assert [each.get("effect") for each in recorded(folder)] == ["applied", None, None]


def test_nothing_is_recorded_where_no_recorder_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="boutique.requests"):
        telling(Settings(data=tmp_path)).tell_held([delivery()], True)

    assert len(caplog.records) == 1


def test_all_services_of_a_process_tell_by_one_so_that_the_lines_of_a_batch_keep_their_order(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, spans=str(tmp_path / "spans"))

    assert telling(settings) is telling(Settings(data=tmp_path, spans=str(tmp_path / "spans")))
