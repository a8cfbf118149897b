"""What changed between two schemas of the same thing, for those who send it and for those who read it.

What is sent (requests) breaks where it is taken no more: narrowed. What is read (answers, events) breaks where it comes
otherwise than it was: fields gone, widened. A new field of what is read is no break: readers pass over it, as ours do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.hosts.local.contracts.alternatives import Components, Schema, allowed, alternatives, named

_LIMITS = {
    "minimum": 1, "exclusiveMinimum": 1, "minLength": 1, "minItems": 1, "minProperties": 1,
    "maximum": -1, "exclusiveMaximum": -1, "maxLength": -1, "maxItems": -1, "maxProperties": -1,
}  # fmt: skip
"""Limits, and in which direction they narrow."""
_EXACT = ("format", "pattern")


@dataclass(frozen=True)
class Change:
    """One difference: where (a path such as `lines[].total`, empty for the whole), what, and whether it breaks."""

    where: str
    what: str
    breaks: bool

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class Comparison:
    """Compares schemas of two documents by their components."""

    def __init__(self, before: Components, after: Components, *, is_sent: bool) -> None:
        self._before, self._after, self._is_sent = before, after, is_sent
        self._under_way: set[tuple[str, str]] = set()

    def changes(self, before: Schema, after: Schema, where: str = "") -> list[Change]:
        """Return the differences of two schemas."""
        pair = (str(before.get("$ref")), str(after.get("$ref")))
        if "$ref" in before and pair in self._under_way:  # a part of itself
            return []
        self._under_way.add(pair)
        try:
            return list(self._choices(alternatives(before, self._before), alternatives(after, self._after), where))
        finally:
            self._under_way.discard(pair)

    def _choices(self, before: list[Schema], after: list[Schema], where: str) -> Iterator[Change]:
        if len(before) == len(after) == 1 and before[0].get("type") == after[0].get("type"):
            yield from self._same(before[0], after[0], where)
            return
        gone, came, both = _paired(before, after)
        if gone or came:
            told = f"{_listed(before)} became {_listed(after)}"
            yield Change(where, told, breaks=bool(gone if self._is_sent else came))
        for one, other in both:
            yield from self._same(one, other, where)

    def _same(self, before: Schema, after: Schema, where: str) -> Iterator[Change]:
        yield from self._values(before, after, where)
        yield from self._limits(before, after, where)
        if "properties" in before or "properties" in after:
            yield from self._properties(before, after, where)
        for inner, path in (("items", "[]"), ("additionalProperties", ".*")):
            one, other = before.get(inner), after.get(inner)
            if isinstance(one, dict) and isinstance(other, dict):
                yield from self.changes(one, other, where + path)

    def _values(self, before: Schema, after: Schema, where: str) -> Iterator[Change]:
        one, other = allowed(before), allowed(after)
        if one == other:
            return
        if one is None or other is None:
            yield Change(where, f"{named(before)} became {named(after)}", breaks=(one is None) is self._is_sent)
            return
        for value in [each for each in one if each not in other]:
            yield Change(where, f"{value!r} is no longer one of its values", breaks=self._is_sent)
        for value in [each for each in other if each not in one]:
            yield Change(where, f"{value!r} is a new one of its values", breaks=not self._is_sent)

    def _limits(self, before: Schema, after: Schema, where: str) -> Iterator[Change]:
        for name in _EXACT:
            one, other = before.get(name), after.get(name)
            if one != other:
                loosens = other is None if self._is_sent else one is None
                yield Change(where, f"{name} {_said(one)} became {_said(other)}", breaks=not loosens)
        for name, direction in _LIMITS.items():
            one, other = before.get(name), after.get(name)
            if one != other:
                narrows = one is None or (other is not None and (other - one) * direction > 0)
                yield Change(where, f"{name} {_said(one)} became {_said(other)}", breaks=narrows and self._is_sent)

    def _properties(self, before: Schema, after: Schema, where: str) -> Iterator[Change]:
        one, other = before.get("properties", {}), after.get("properties", {})
        needed, needs = set(before.get("required", ())), set(after.get("required", ()))
        for name in sorted(one.keys() - other.keys()):
            refused = after.get("additionalProperties") is False
            yield Change(_below(where, name), "removed", breaks=refused if self._is_sent else True)
        for name in sorted(other.keys() - one.keys()):
            required = self._is_sent and name in needs
            yield Change(_below(where, name), "new and required" if required else "new", breaks=required)
        for name in sorted(one.keys() & other.keys()):
            if (name in needed) != (name in needs):
                told = "became required" if name in needs else "became optional"
                yield Change(_below(where, name), told, breaks=(name in needs) is self._is_sent)
            yield from self.changes(one[name], other[name], _below(where, name))


def _paired(
    before: list[Schema], after: list[Schema]
) -> tuple[list[Schema], list[Schema], list[tuple[Schema, Schema]]]:
    """Return what is gone, what is new, and which alternatives are the same thing: by name, else by type."""
    left, both, gone = list(after), [], []
    for one in before:
        other = next((each for each in left if _key(each) == _key(one)), None)
        if other is None:
            gone.append(one)
        else:
            left.remove(other)
            both.append((one, other))
    for one in list(gone):
        other = next((each for each in left if each.get("type") == one.get("type") and "x-name" not in one), None)
        if other is not None:
            gone.remove(one)
            left.remove(other)
            both.append((one, other))
    return gone, left, both


def _key(schema: Schema) -> tuple[Any, ...]:
    return schema.get("x-name"), schema.get("type"), str(allowed(schema))


def _listed(choices: list[Schema]) -> str:
    return " or ".join(sorted({str(each.get("x-name") or named(each)) for each in choices}))


def _said(value: Any) -> str:
    return "none" if value is None else str(value)


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
