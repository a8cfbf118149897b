"""What comes into the log, and what must not."""

import io
import json
import logging
import sys

import pytest

from shared.telemetry.log import configure


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
