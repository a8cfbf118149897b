"""The same report from log lines alone, as a cloud has them."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.errors import NotFound
from shared.hosts.local.effects.lines import logged
from shared.hosts.local.effects.report import report_of_log
from shared.manifest import manifest
from shared.telemetry.log import JsonLines
from tests.in_process import InProcess, basket

LOG = logging.getLogger("boutique.requests")


class Entries(logging.Handler):
    """Keeps lines as Cloud Logging does: the JSON as its payload, beside the time at which the line was written."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[dict[str, Any]] = []
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        at = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        self.written.append({"timestamp": at, "jsonPayload": json.loads(self.format(record))})


@pytest.fixture
def entries() -> Iterator[Entries]:
    kept, level = Entries(), LOG.level
    LOG.addHandler(kept)
    LOG.setLevel(logging.INFO)
    yield kept
    LOG.removeHandler(kept)
    LOG.setLevel(level)


def test_log_entries_give_the_report_that_recorded_spans_give(
    estate: InProcess, entries: Entries, report: Callable[[str], dict[str, Any]]
) -> None:
    order_id = str(estate.place(basket())[1]["order_id"])
    estate.deliver()

    recorded = report(order_id)
    from_log = report_of_log(order_id, logged(json.dumps(entries.written)), manifest())

    assert from_log["counts"] == recorded["counts"]
    assert from_log["unbroken"]

    def edges(told: dict[str, Any]) -> set[tuple[Any, ...]]:
        return {(each["span_id"], each["parent_id"], each["name"], each["outcome"]) for each in told["spans"]}

    assert edges(from_log) == edges(recorded)


def test_lines_of_other_loggers_are_passed_over(tmp_path: Path) -> None:
    lines = ['{"severity": "WARNING", "message": "publish failed", "trace": "1"}', '{"textPayload": "GET /"}']

    assert logged("\n".join(lines)) == []
    with pytest.raises(NotFound):
        report_of_log("ord_1", [], manifest())
    with pytest.raises(ValueError, match="Expecting"):
        logged("not JSON")
