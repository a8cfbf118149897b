"""The recorded lines of one order: found in the estate's files, or among entries that Cloud Logging gave out."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

Line = dict[str, Any]
"""One invocation, as `shared/telemetry/spans.py` writes it."""
_NEEDED = ("trace", "span", "service", "route", "method", "status", "ms")


def recorded(folder: Path, order_id: str) -> list[Line]:
    """Return what was recorded of an order below a folder, in the order of time; nothing for an unknown one."""
    files = [_content(path) for path in sorted(folder.glob("*.jsonl"))]
    traces = {line["trace"] for content in files for line in _holding(content, f'"order":"{order_id}"')}
    found = {
        (line["trace"], line["span"]): line
        for trace in traces
        for content in files
        for line in _holding(content, f'"trace":"{trace}"')
    }
    return of_order(found.values(), order_id)


def logged(text: str) -> list[Line]:
    """Return the invocations among log entries: a JSON list as `gcloud logging read --format json`, or lines of JSON.

    ValueError if it is neither.
    """
    entries = json.loads(text) if text.lstrip().startswith("[") else [json.loads(each) for each in text.splitlines()]
    return [line for entry in entries if (line := _of_entry(entry))]


def of_order(lines: Iterable[Line], order_id: str) -> list[Line]:
    """Return the order's own lines, those they came of, and those that came of them and are of no other order.

    A trace that only looked at it (a page of the backoffice, whose own line is not kept) had no effect and is left out.
    """
    by_id = {line["span"]: line for line in lines}
    acted = {line["trace"] for line in by_id.values() if line["method"] != "GET"}
    below: dict[str, list[Line]] = defaultdict(list)
    for line in by_id.values():
        below[line.get("parent", "")].append(line)
    chosen: dict[str, Line] = {}
    left = [line for line in by_id.values() if line.get("order") == order_id and line["trace"] in acted]
    while left:
        line = left.pop()
        if line["span"] not in chosen:
            chosen[line["span"]] = line
            left += [each for each in below[line["span"]] if each.get("order") in (None, order_id)]
    for line in list(chosen.values()):
        above = by_id.get(line.get("parent", ""))
        while above and above["span"] not in chosen:
            chosen[above["span"]] = above
            above = by_id.get(above.get("parent", ""))
    return sorted(chosen.values(), key=lambda each: (each["at"], -each["ms"]))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # a recorder dropped it
        return b""


def _holding(content: bytes, text: str) -> Iterator[Line]:
    """Find the lines that hold a text; one that was cut off by a full disk or a power cut is passed over."""
    wanted, at = text.encode(), content.find(text.encode())
    while at >= 0:
        start, end = content.rfind(b"\n", 0, at) + 1, content.find(b"\n", at)
        if end < 0:
            return
        with suppress(orjson.JSONDecodeError):
            yield orjson.loads(content[start:end])
        at = content.find(wanted, end)


def _of_entry(entry: dict[str, Any]) -> Line | None:
    line: Line = entry.get("jsonPayload", entry)
    if not all(name in line for name in _NEEDED):
        return None
    if "at" in line:
        return line
    ended = datetime.fromisoformat(entry["timestamp"]).timestamp()
    return line | {"at": int((ended - line["ms"] / 1000) * 1e6)}
