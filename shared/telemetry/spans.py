"""What every invocation was, kept by the estate on a laptop: from it the effects of an order are reported.

A JSON line each, in files of this process: what its line in the log says, and when it began. Lines are gathered and
appended when the outermost piece of work has settled, before it answers or acknowledges: a process that is killed
leaves a line for whatever it answered. Nothing is synced, so a power cut may take the last ones. In a cloud nothing is
recorded here: traces and log entries are the platform's.
"""

import os
from collections import deque
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any
from weakref import finalize

import orjson

from shared.settings import Settings
from shared.telemetry.trace import child_of, current_traceparent

FILE_BYTES, KEPT_BYTES = 8 << 20, 256 << 20
"""A file's length, and what all of them may take: about 12,000 orders. The oldest go first."""
REFUSED = 400
Ended = tuple[str, dict[str, Any], str, int, bytes, datetime, float]
"""An invocation: its traceparent, what it is about, method, status, answer, when it began, how many ms it took."""


class Spans:
    """One process's recorder. Threads share it."""

    def __init__(self, folder: Path, *, file_bytes: int = FILE_BYTES, kept_bytes: int = KEPT_BYTES) -> None:
        self._folder, self._file_bytes, self._kept_bytes = folder, file_bytes, kept_bytes
        self._gathered: deque[Ended] = deque()
        self._lock = Lock()
        self._file: int | None = None
        self._close: Any = None
        self._size = 0

    def add(self, ended: Ended) -> None:
        """Gather one invocation. What only looks, and is part of no trace, is left out."""
        known = ended[1]
        if "route" in known and (ended[2] != "GET" or "parent" in known):
            self._gathered.append(ended)

    def flush(self) -> None:
        """Append what was gathered."""
        lines = []
        while self._gathered:
            try:
                lines.append(_line(*self._gathered.popleft()))
            except IndexError:  # another thread took the last one
                break
        if lines:
            with self._lock:
                self._append(b"".join(lines))

    def _append(self, written: bytes) -> None:
        try:
            file = self._next() if self._file is None or self._size > self._file_bytes else self._file
            self._size += os.write(file, written)
        except OSError:  # a full disk, say: what it was about goes on
            return

    def _next(self) -> int:
        if self._close:
            self._close()
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{os.getpid()}-{token_hex(4)}.jsonl"
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._close = finalize(self, os.close, self._file)
        self._size = 0
        drop_oldest(self._folder, self._kept_bytes)
        return self._file


def _line(own: str, known: dict[str, Any], method: str, status: int, body: bytes, began: datetime, ms: float) -> bytes:
    line = {
        "at": int(began.timestamp() * 1e6),
        "ms": ms,
        "method": method,
        "status": status,
        "trace": own[3:35],
        "span": own[36:52],
        **known,
    }
    if body and status >= REFUSED:
        line["code"] = _code(body)
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _code(body: bytes) -> str:
    try:
        return str(orjson.loads(body)["code"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return "unknown"


def drop_oldest(folder: Path, kept_bytes: int) -> None:
    """Remove the files that were written to longest ago, until the rest takes no more than this."""
    found = []
    for path in folder.glob("*.jsonl"):
        try:
            state = path.stat()
        except FileNotFoundError:  # another process dropped it
            continue
        found.append((state.st_mtime_ns, state.st_size, path))
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= kept_bytes:
            return
        path.unlink(missing_ok=True)
        total -= size


def spans_of(settings: Settings) -> Spans | None:
    """Return this process's recorder, None where nothing is recorded."""
    return _recorder(settings.spans) if settings.spans else None


@lru_cache(maxsize=4)
def _recorder(folder: str) -> Spans:
    return Spans(Path(folder))


def unanswered(spans: Spans | None, service: str, called: str, began: datetime, ms: float) -> None:
    """Record a call that `service` got no answer to: the other side may know nothing of it, or not have ended."""
    above = current_traceparent()
    if spans is None or above is None:
        return
    known = {"service": service, "route": called, "called": called, "parent": above[36:52], "code": "call_failed"}
    spans.add((child_of(above), known, "CALL", 0, b"", began, ms))
