"""What changed in a service's routes, by its OpenAPI documents. A break hits the callers of the route's row."""

from collections.abc import Iterator
from typing import Any

from shared.hosts.local.contracts.findings import Finding, findings
from shared.hosts.local.contracts.schemas import Change, Comparison

Document = dict[str, Any]
_SUCCESS = "2"


def compare_routes(service: str, before: Document, after: Document) -> list[Finding]:
    """Return every change of what callers send and read; doors of broker and scheduler are no contract with callers."""
    old, new = _operations(before), _operations(after)
    found = [
        Finding(f"{service} {route}", "removed", breaks=True, hits=_callers(old[route]))
        for route in sorted(old.keys() - new.keys())
    ]
    found += [Finding(f"{service} {route}", "new", breaks=False) for route in sorted(new.keys() - old.keys())]
    for route in sorted(old.keys() & new.keys()):
        found += _Route(f"{service} {route}", before, after).compare(old[route], new[route])
    return found


def _operations(document: Document) -> dict[str, Document]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document.get("paths", {}).items()
        for method, operation in methods.items()
        if "routes" in operation.get("tags", ())
    }


def _callers(operation: Document) -> tuple[str, ...]:
    return tuple(sorted(operation.get("x-callers", ())))


class _Route:
    """One route in two documents."""

    def __init__(self, subject: str, before: Document, after: Document) -> None:
        self._subject, self._before, self._after = subject, before, after
        old, new = (each.get("components", {}).get("schemas", {}) for each in (before, after))
        self._sent = Comparison(old, new, is_sent=True)
        self._read = Comparison(old, new, is_sent=False)

    def compare(self, before: Document, after: Document) -> list[Finding]:
        """Return what changed: who may call it, what is sent, what is answered."""
        callers = _callers(before)
        found = list(self._admitted(before, after))
        found += findings(self._subject, "parameter", self._parameters(before, after), callers)
        found += findings(self._subject, "request", self._request(before, after), callers)
        found += findings(self._subject, "answers", self._statuses(before, after), callers)
        for status in sorted(_successes(before) & _successes(after)):
            found += findings(self._subject, f"answer {status}", self._answer(before, after, status), callers)
        return found

    def _admitted(self, before: Document, after: Document) -> Iterator[Finding]:
        old, new = _callers(before), _callers(after)
        for caller in sorted(set(old) - set(new)):
            yield Finding(self._subject, f"no longer admits {caller}", breaks=True, hits=(caller,))
        for caller in sorted(set(new) - set(old)):
            yield Finding(self._subject, f"admits {caller}, too", breaks=False)

    def _parameters(self, before: Document, after: Document) -> Iterator[Change]:
        old, new = _parameters(before), _parameters(after)
        for name in sorted(old.keys() - new.keys()):
            yield Change(name, "removed", breaks=True)
        for name in sorted(new.keys() - old.keys()):
            required = bool(new[name].get("required"))
            yield Change(name, "new and required" if required else "new", breaks=required)
        for name in sorted(old.keys() & new.keys()):
            was, now = bool(old[name].get("required")), bool(new[name].get("required"))
            if was != now:
                yield Change(name, "became required" if now else "became optional", breaks=now)
            yield from self._sent.changes(old[name].get("schema", {}), new[name].get("schema", {}), name)

    def _request(self, before: Document, after: Document) -> Iterator[Change]:
        old, new = before.get("requestBody", {}), after.get("requestBody", {})
        if new.get("required") and not old.get("required"):
            yield Change("", "body became required", breaks=True)
        yield from _contents(self._sent, old.get("content", {}), new.get("content", {}))

    def _statuses(self, before: Document, after: Document) -> Iterator[Change]:
        old, new = before["responses"].keys(), after["responses"].keys()
        for status in sorted(old - new):
            yield Change("", f"{status} no longer", breaks=status.startswith(_SUCCESS))
        for status in sorted(new - old):
            yield Change("", f"{status}, too", breaks=status.startswith(_SUCCESS))

    def _answer(self, before: Document, after: Document, status: str) -> Iterator[Change]:
        old, new = before["responses"][status], after["responses"][status]
        yield from _contents(self._read, old.get("content", {}), new.get("content", {}))


def _contents(comparison: Comparison, before: Document, after: Document) -> Iterator[Change]:
    for media_type in sorted(before.keys() - after.keys()):
        yield Change("", f"as {media_type} removed", breaks=True)
    for media_type in sorted(after.keys() - before.keys()):
        yield Change("", f"as {media_type} new", breaks=False)
    for media_type in sorted(before.keys() & after.keys()):
        yield from comparison.changes(before[media_type].get("schema", {}), after[media_type].get("schema", {}))


def _successes(operation: Document) -> set[str]:
    return {status for status in operation["responses"] if status.startswith(_SUCCESS)}


def _parameters(operation: Document) -> dict[str, Document]:
    return {f"{each['in']} {each['name']}": each for each in operation.get("parameters", ())}
