"""What changed in the events, by the AsyncAPI documents. A break hits the subscriptions that got the event."""

from collections.abc import Iterable
from typing import Any

from shared.hosts.local.contracts.findings import Finding, findings
from shared.hosts.local.contracts.schemas import Comparison

Document = dict[str, Any]


def compare_events(before: Document, after: Document) -> list[Finding]:
    """Return every change of events' topics and fields; whoever hears is no contract with the others."""
    old, new = _topics(before), _topics(after)
    hearers = _hearers(before)
    found = []
    for kind in sorted(old.keys() - new.keys()):
        found.append(_broken(kind, "removed", hearers.get(kind, ())))
    for kind in sorted(new.keys() - old.keys()):
        found.append(Finding(f"event {kind}", "new", breaks=False))
    for kind in sorted(old.keys() & new.keys()):
        if old[kind] != new[kind]:
            found.append(_broken(kind, f"moved from {old[kind]} to {new[kind]}", hearers.get(kind, ())))
        found += _fields(kind, before["components"], after["components"], hearers.get(kind, ()))
    return found


def _broken(kind: str, what: str, hits: Iterable[str]) -> Finding:
    return Finding(f"event {kind}", what, breaks=True, hits=tuple(sorted(hits)))


def _fields(kind: str, before: Document, after: Document, hits: Iterable[str]) -> list[Finding]:
    comparison = Comparison(before.get("schemas", {}), after.get("schemas", {}), is_sent=False)
    old, new = before["messages"][kind], after["messages"][kind]
    found = findings(f"event {kind}", "field", comparison.changes(old["payload"], new["payload"]), hits)
    attributes = comparison.changes(old.get("headers", {}), new.get("headers", {}))
    return found + findings(f"event {kind}", "attribute", attributes, hits)


def _topics(document: Document) -> dict[str, str]:
    channels = document.get("channels", {}).items()
    return {kind: topic for topic, channel in channels for kind in channel.get("messages", {})}


def _hearers(document: Document) -> dict[str, list[str]]:
    """Return the subscriptions that get each type, as `service.function`."""
    found: dict[str, list[str]] = {}
    for name, operation in document.get("operations", {}).items():
        if operation["action"] == "receive":
            for message in operation["messages"]:
                found.setdefault(message["$ref"].rpartition("/")[2], []).append(name.rpartition(".")[0])
    return found
