"""The recorder: a line for each invocation, gathered, appended at once, in files that don't grow for ever."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.telemetry.spans import Spans

BEGAN = datetime(2026, 11, 20, 8, 0, 0, 250_000, tzinfo=UTC)
OWN = "00-93117f3fd13c48fb99af37cdec2433c0-e4c0ed15358ce49d-01"


def add(spans: Spans, method: str = "POST", status: int = 201, body: bytes = b"{}", **known: Any) -> None:
    spans.add((OWN, {"service": "checkout", "route": "/orders", **known}, method, status, body, BEGAN, 12.5))


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()]


def test_a_line_says_what_an_invocation_was_and_when_it_began(tmp_path: Path) -> None:
    spans = Spans(tmp_path)

    add(spans, order="ord_1")
    assert lines(tmp_path) == []
    spans.flush()

    assert lines(tmp_path) == [
        {
            "at": 1_795_161_600_250_000,
            "ms": 12.5,
            "method": "POST",
            "status": 201,
            "trace": "93117f3fd13c48fb99af37cdec2433c0",
            "span": "e4c0ed15358ce49d",
            "service": "checkout",
            "route": "/orders",
            "order": "ord_1",
        }
    ]


def test_a_refusal_says_its_code_and_nothing_else_of_its_answer(tmp_path: Path) -> None:
    spans = Spans(tmp_path)

    add(spans, status=422, body=b'{"code": "invalid", "detail": "ada@example.com"}')
    add(spans, status=500, body=b"not JSON")
    spans.flush()

    assert [line["code"] for line in lines(tmp_path)] == ["invalid", "unknown"]
    assert "ada@example.com" not in str(lines(tmp_path))


def test_who_only_looks_is_recorded_as_part_of_a_trace_alone(tmp_path: Path) -> None:
    spans = Spans(tmp_path)

    add(spans, "GET", 200)
    add(spans, "GET", 200, parent="00f067aa0ba902b7")
    spans.flush()

    assert [line.get("parent") for line in lines(tmp_path)] == ["00f067aa0ba902b7"]


def test_the_oldest_files_go_when_all_of_them_take_too_much(tmp_path: Path) -> None:
    spans = Spans(tmp_path, file_bytes=1000, kept_bytes=3000)

    for number in range(100):
        add(spans, number=number)
        spans.flush()

    kept = sorted(line["number"] for line in lines(tmp_path))
    assert kept == list(range(kept[0], 100))
    assert sum(path.stat().st_size for path in tmp_path.glob("*.jsonl")) <= 3000 + 2 * 1200


def test_a_disk_that_takes_nothing_fails_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> int:
        raise OSError("No space left on device")

    spans = Spans(tmp_path)
    add(spans)
    monkeypatch.setattr("shared.telemetry.spans.os.write", full)

    spans.flush()

    assert lines(tmp_path) == []
