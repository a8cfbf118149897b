"""Deliveries of events and what came of each, as the estate's own log tells: one line a push."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.manifest import Idempotency, manifest


@dataclass
class Effects:
    """Pushes that were answered, by outcome; `again`: of an event that its function had been pushed before.

    `in_doubt`: their batch did not settle, so they come again.
    """

    pushes: int = 0
    applied: int = 0
    suppressed: int = 0
    failed: int = 0
    again: int = 0
    in_doubt: int = 0
    violations: list[str] = field(default_factory=list)


def effects(log: Path) -> Effects:
    """Count; an event that a function applied twice is a violation where handled records keep it from that.

    A line is written when what it tells is committed, and before that is acknowledged: who is killed before tells
    nothing, and an attempt after that finds the record of the first.
    """
    natural = {
        (service, f"/events/{name}")
        for service, rows in manifest().services.items()
        for name, row in rows.functions.items()
        if row.idempotency is Idempotency.NATURAL
    }
    found, seen = Effects(), Counter[tuple[str, str, str]]()
    applied: Counter[tuple[str, str, str]] = Counter()
    for line in _lines(log):
        found.pushes += 1
        effect = line.get("effect")
        found.applied += effect == "applied"
        found.suppressed += effect == "suppressed"
        found.in_doubt += effect == "in-doubt"
        found.failed += line.get("status") != 204
        if "event" in line:
            delivery = (line["service"], line["route"], line["event"])
            found.again += delivery in seen
            seen[delivery] += 1
            applied[delivery] += effect == "applied" and delivery[:2] not in natural
    found.violations = [f"applied {times} times: {delivery}" for delivery, times in applied.items() if times > 1]
    return found


def _lines(log: Path) -> Iterator[dict[str, Any]]:
    with log.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            if '"/events/' not in line:
                continue
            try:
                said = json.loads(line)
            except json.JSONDecodeError:  # its process was killed while it wrote
                continue
            if said.get("logger") == "boutique.requests" and str(said.get("route", "")).startswith("/events/"):
                yield said
