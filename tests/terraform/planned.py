"""A plan as JSON, read: resources of a type by a key of theirs."""

from collections.abc import Callable, Iterator
from typing import Any

Plan = dict[str, Any]
Values = dict[str, Any]


def resources(plan: Plan, kind: str) -> list[Values]:
    """Return what is planned of every resource of a type, with its `address`."""
    return [each["values"] | {"address": each["address"]} for each in _all(plan) if each["type"] == kind]


def by(key: str | Callable[[Values], Any], plan: Plan, kind: str) -> dict[Any, Values]:
    """Return the resources of a type by an attribute, or what a function finds; AssertionError if two have one key."""
    of = (lambda values: values[key]) if isinstance(key, str) else key
    found = resources(plan, kind)
    keyed = {of(each): each for each in found}
    assert len(keyed) == len(found), f"two resources of {kind} have the same {key}"
    return keyed


def outputs(plan: Plan) -> Values:
    """Return the outputs that are known when planning."""
    return {name: each.get("value") for name, each in plan["planned_values"]["outputs"].items()}


def _all(plan: Plan) -> Iterator[Any]:
    modules = [plan["planned_values"]["root_module"]]
    while modules:
        module = modules.pop()
        yield from module.get("resources", ())
        modules += module.get("child_modules", ())
