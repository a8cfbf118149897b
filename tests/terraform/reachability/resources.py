"""What a plan will have made: the resources of `terraform show -json`, and what one that another refers to is.

References are followed by value, so the plan must know them: one of an applied estate, or one whose provider settles
what it would know after the apply (tests/terraform/offline).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_REFERRED_BY = ("id", "self_link", "name", "email", "member", "connector_id")
_WEB = ("https://www.googleapis.com/compute/v1/", "https://www.googleapis.com/compute/beta/")


@dataclass(frozen=True)
class Resource:
    """One resource: its address in the configuration, its type, its values."""

    address: str
    type: str
    values: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.values["name"])

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def one(self, block: str) -> dict[str, Any]:
        """Return the only block of a name, or nothing."""
        found = self.values.get(block) or []
        return found[0] if found else {}


class Resources:
    """The resources of the plans of one estate."""

    def __init__(self, *plans: dict[str, Any]) -> None:
        self.all = [each for plan in plans for each in _within(plan["planned_values"]["root_module"])]

    def of(self, *types: str) -> list[Resource]:
        """Return the resources of some types, by address."""
        return sorted((each for each in self.all if each.type in types), key=lambda each: each.address)

    def referred(self, kind: str, reference: Any) -> Resource | None:
        """Return the resource of a type that a value refers to: by id, link or name."""
        return self._index.get((kind, _bare(reference)))

    def found(self, kind: str, reference: Any) -> Resource:
        """Return the resource of a type that a value refers to; LookupError where the plan makes none."""
        if resource := self.referred(kind, reference):
            return resource
        raise LookupError(f"the plan makes no {kind} that {reference!r} refers to")

    @cached_property
    def _index(self) -> dict[tuple[str, str], Resource]:
        return {
            (each.type, _bare(each.values[key])): each
            for each in self.all
            for key in _REFERRED_BY
            if isinstance(each.values.get(key), str)
        }


def _bare(reference: Any) -> str:
    text = str(reference)
    for web in _WEB:
        text = text.removeprefix(web)
    return text


def _within(module: dict[str, Any]) -> Iterator[Resource]:
    for each in module.get("resources", []):
        if each["mode"] == "managed":
            yield Resource(each["address"], each["type"], each["values"])
    for child in module.get("child_modules", []):
        yield from _within(child)
