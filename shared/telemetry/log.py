"""Log lines are JSON with severity, service, route, order and trace; they hold no body, token or personal data."""

import json
import logging
import sys
import traceback
from typing import Any

from shared.telemetry.about import current_about
from shared.telemetry.trace import current_traceparent

log = logging.getLogger("boutique.requests")
_GOOGLE = "logging.googleapis.com"


class JsonLines(logging.Formatter):
    """Writes what Cloud Logging reads: one JSON object a line (severity, message).

    With a project it also names the trace and the span as Cloud Logging links them to Cloud Trace:
    https://cloud.google.com/logging/docs/structured-logging#structured_logging_special_fields
    """

    def __init__(self, project: str = "") -> None:
        super().__init__()
        self._traces = f"projects/{project}/traces/" if project else ""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line = {"severity": record.levelname, "message": record.getMessage(), "logger": record.name}
        traceparent = current_traceparent()
        if traceparent:
            line["trace"] = traceparent[3:35]
            line["span"] = traceparent[36:52]
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = where(record.exc_info[1])
        line = line | current_about() | getattr(record, "fields", {})
        if self._traces and "trace" in line:
            line[f"{_GOOGLE}/trace"], line[f"{_GOOGLE}/spanId"] = f"{self._traces}{line['trace']}", line["span"]
        return json.dumps(line)


def where(error: BaseException) -> str:
    """Return the stack of an error and of what led to it, by type: messages may repeat what somebody sent."""
    told: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        told += [type(cause).__name__, *(line.rstrip() for line in traceback.format_tb(cause.__traceback__))]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n".join(told)


def configure(level: str, project: str = "") -> None:
    """Send this process's log to standard error as JSON lines; `project` is Google's, where that cloud reads them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(project))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # below, it writes whole URLs: a query holds e-mail addresses


def completed(own: str, known: dict[str, Any], method: str, status: int, ms: float) -> None:
    """Log one line per request at INFO: a recorded span says the same (`spans.py`).

    `own` is the traceparent of the request, which may be over long since, and `known` what it was about.
    """
    if log.isEnabledFor(logging.INFO):
        said = {"trace": own[3:35], "span": own[36:52], **known, "method": method, "status": status, "ms": ms}
        log.info("%s %s %s", method, known.get("route", "no route"), status, extra={"fields": said})
