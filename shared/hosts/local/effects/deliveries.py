"""What became of each event of an order at each of its subscriptions, attempt by attempt."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shared.hosts.local.effects.lines import Line
from shared.manifest import Idempotency, Manifest
from shared.messaging.embedded.delivery import ACKNOWLEDGING, micros, moment
from shared.telemetry.about import APPLIED, DEAD, IN_DOUBT, KEPT, SUPPRESSED, UNWANTED
from shared.values.clock import rfc3339

Body = dict[str, Any]
RETRYING, WAITING = "retrying", "waiting"
STATES = (APPLIED, SUPPRESSED, KEPT, UNWANTED, DEAD, RETRYING, WAITING)
Letters = Mapping[tuple[str, str], Body]
"""Dead letters as `GET /-/dead-letters` lists them, by subscription and event."""


class Events:
    """What the rows say of events and of who hears them."""

    def __init__(self, manifest: Manifest) -> None:
        self._topics = manifest.topics
        self._publisher = {kind: name for name, row in manifest.services.items() for kind in row.publishes}
        self._subscriptions = manifest.subscriptions()
        self._natural = {
            f"{service}.{name}"
            for service, row in manifest.services.items()
            for name, each in row.functions.items()
            if each.idempotency is Idempotency.NATURAL
        }

    def publisher(self, kind: str) -> str:
        """Return the service that publishes this type, or nothing."""
        return self._publisher.get(kind, "")

    def wanting(self, kind: str) -> set[str]:
        """Return the subscriptions that get events of this type."""
        topic = self._topics.of(kind) if kind in self._publisher else None
        return {each.name for each in self._subscriptions if each.topic == topic and each.wants({"ce-type": kind})}

    def is_natural(self, subscription: str) -> bool:
        """Whether natural keys alone keep a repeat from having an effect."""
        return subscription.rpartition(".")[0] in self._natural


def events_of(lines: Iterable[Line], rows: Events, letters: Letters, waiting: Iterable[Line]) -> list[Body]:
    """Return the events of these lines, and of deliveries that wait, in the order of the times that they bear."""
    said: dict[str, Line] = {}
    delivered: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if event_id := line.get("event"):
            said.setdefault(event_id, line)
            delivered[event_id][line.get("subscription", "")].append(line)
    tried: dict[str, dict[str, int]] = defaultdict(dict)
    for line in waiting:
        said.setdefault(line["event"], line)
        tried[line["event"]][line["subscription"]] = line["attempt"]
    found = [_event(line, delivered[each], tried[each], rows, letters) for each, line in said.items()]
    return sorted(found, key=lambda each: (each["at"], each["event_id"]))


def _event(
    line: Line, delivered: Mapping[str, list[Line]], tried: Mapping[str, int], rows: Events, letters: Letters
) -> Body:
    event_id, kind = line["event"], line.get("type", "")
    committed = _micros(line.get("committed"), line.get("at", 0))
    published = max(_micros(line.get("published"), committed), committed)
    return {
        "event_id": event_id,
        "type": kind,
        "service": rows.publisher(kind),
        "trace_id": line["trace"],
        "emitted_by": line.get("parent"),
        "at": rfc3339(moment(committed)),
        "published_at": rfc3339(moment(published)),
        "publish_ms": (published - committed) / 1000,
        "deliveries": [
            _delivery(
                name,
                delivered.get(name, []),
                published,
                tried.get(name, 0),
                natural=rows.is_natural(name),
                letter=letters.get((name, event_id)),
            )
            for name in sorted(rows.wanting(kind) | delivered.keys())
        ],
    }


def _delivery(name: str, lines: list[Line], published: int, tried: int, *, natural: bool, letter: Body | None) -> Body:
    lines = sorted(lines, key=lambda each: each["at"])
    attempts: list[Body] = []
    for line in lines:
        attempts.append(_attempt(line, repeats=natural and any(each["outcome"] == APPLIED for each in attempts)))
    attempts = _lost(attempts, tried) + attempts
    acknowledged = [line for line in lines if line["status"] in ACKNOWLEDGING and line.get("effect") != IN_DOUBT]
    first = acknowledged[0] if acknowledged else None
    return {
        "subscription": name,
        "service": name.partition(".")[0],
        "state": _state([each["outcome"] for each in attempts], acknowledged=first is not None, letter=letter),
        "attempts": attempts,
        "latency_ms": None if first is None else max(_ended(first) - published, 0) / 1000,
        "dead_letter": letter and {key: letter.get(key) for key in ("id", "error_code", "error_detail", "attempts")},
    }


def _attempt(line: Line, *, repeats: bool) -> Body:
    """Return one attempt; a repeat under natural keys runs, and has no effect."""
    failed = line["status"] not in ACKNOWLEDGING
    effect = line.get("code", "failed") if failed else line.get("effect", APPLIED)
    return {
        "attempt": line.get("attempt") or None,
        "span_id": line["span"],
        "at": rfc3339(moment(line["at"])),
        "duration_ms": line["ms"],
        "status": line["status"],
        "outcome": SUPPRESSED if repeats and effect == APPLIED else effect,
    }


def _lost(attempts: list[Body], tried: int) -> list[Body]:
    """Return attempts that the broker counted and nobody recorded: what they were pushed to was killed, or absent.

    The last of `tried` may be under way.
    """
    known = {each["attempt"] for each in attempts} - {None}
    return [
        {"attempt": number, "span_id": None, "at": None, "duration_ms": None, "status": None, "outcome": "unanswered"}
        for number in range(1, max(tried + 1, max(known, default=0)))
        if number not in known
    ]


def _state(outcomes: list[str], *, acknowledged: bool, letter: Body | None) -> str:
    for effect in (APPLIED, KEPT):
        if effect in outcomes:
            return effect
    if letter or DEAD in outcomes:
        return DEAD
    if acknowledged:
        if SUPPRESSED in outcomes:  # by what an attempt did that could not say so: it was in doubt
            return APPLIED if IN_DOUBT in outcomes else SUPPRESSED
        return UNWANTED
    return RETRYING if outcomes else WAITING


def counted(events: Iterable[Body]) -> dict[str, int]:
    """Return how many events, deliveries and attempts there are, and how many deliveries are in each state.

    `repeats` are attempts that came after an acknowledged one and changed nothing.
    """
    deliveries = [each for event in events for each in event["deliveries"]]
    attempts = [attempt for each in deliveries for attempt in each["attempts"]]
    states = Counter(each["state"] for each in deliveries)
    repeats = sum(attempt["outcome"] == SUPPRESSED for attempt in attempts)
    totals = {"deliveries": len(deliveries), "attempts": len(attempts), "repeats": repeats}
    return totals | {state.replace("-", "_"): states[state] for state in STATES}


def _ended(line: Line) -> int:
    return int(line["at"] + line["ms"] * 1000)


def _micros(text: str | None, otherwise: int) -> int:
    return micros(datetime.fromisoformat(text)) if text else otherwise
