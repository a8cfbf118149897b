"""Log lines are JSON with severity, service and trace; they hold no body, no token and nothing personal."""

import json
import logging
import sys

from shared.telemetry.trace import current_traceparent

log = logging.getLogger("boutique.requests")


class JsonLines(logging.Formatter):
    """Writes what Cloud Logging reads: one JSON object a line (severity, message, trace)."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line = {"severity": record.levelname, "message": record.getMessage(), "logger": record.name}
        traceparent = current_traceparent()
        if traceparent:
            line["trace"] = traceparent[3:35]
            line["span"] = traceparent[36:52]
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line | getattr(record, "fields", {}))


def configure(level: str) -> None:
    """Send this process's log to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("urllib3").setLevel(logging.INFO)  # below, it writes whole URLs: a query holds e-mail addresses


def completed(service: str, method: str, path: str, status: int) -> None:
    """Log one line per request at INFO."""
    if log.isEnabledFor(logging.INFO):
        log.info("%s %s %s", method, path, status, extra={"fields": {"service": service, "status": status}})
