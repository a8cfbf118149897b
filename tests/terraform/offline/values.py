"""What a provider does to values: refuses, plans, and (pretending a cloud) makes up what only a cloud knows."""

from collections.abc import Iterator
from typing import Any

import msgpack

from tests.terraform.offline.schema import Block, contents, implied_type, is_write_only, parts
from tests.terraform.offline.wire import UNKNOWN

Path = tuple[str | int, ...]


def faults(block: Block, values: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield what the provider's own code would refuse: a value that it decides itself, or none of those it lists."""
    for name, attribute in block.get("attributes", {}).items():
        given = values.get(name)
        if given is not None and not attribute.get("optional") and not attribute.get("required"):
            yield (*path, name), f"{name} is decided by the provider and cannot be set"
        allowed = attribute.get("possible_values")
        for each in (given if isinstance(given, list) else [given]) if allowed else ():
            if isinstance(each, str) and each and each not in allowed:
                yield (*path, name), f'expected {name} to be one of {allowed}, got "{each}"'
    for name, inner, mode in parts(block):
        for place, each in enumerate(contents(values.get(name), mode)):
            yield from faults(inner, each, (*path, name, place) if mode == "list" else (*path, name))


def plan(block: Block, values: dict[str, Any]) -> None:
    """Make every computed value that is not set unknown, and take out what never reaches state."""
    for name, attribute in block.get("attributes", {}).items():
        if is_write_only(name, attribute):
            values[name] = None
        elif attribute.get("computed") and values.get(name) is None:
            values[name] = UNKNOWN
    for name, inner, mode in parts(block):
        for each in contents(values.get(name), mode):
            plan(inner, each)


def apply(block: Block, values: dict[str, Any], who: str) -> None:
    """Settle every unknown value."""
    for name, attribute in block.get("attributes", {}).items():
        nested = attribute.get("nested_type")
        of = attribute.get("type") or [nested["nesting_mode"], ["object", {}]]
        values[name] = _settled(of, values.get(name), name, who)
    for name, inner, mode in parts(block):
        if values.get(name) == UNKNOWN:
            values[name] = _settled([mode, implied_type(inner)], UNKNOWN, name, who)
        for each in contents(values.get(name), mode):
            apply(inner, each, who)


def known_when_planned(kind: str, values: dict[str, Any]) -> None:
    """Fill in what Google's provider computes without asking: the e-mail address of a service account."""
    if (
        kind == "google_service_account"
        and isinstance(values["account_id"], str)
        and isinstance(values["project"], str)
    ):
        values["email"] = f"{values['account_id']}@{values['project']}.iam.gserviceaccount.com"
        values["member"] = f"serviceAccount:{values['email']}"


def label(values: dict[str, Any]) -> str:
    """Return what a made-up value names its resource by."""
    names = ("name", "account_id", "secret_id", "dataset_id", "table_id", "title")
    return next((values[each] for each in names if isinstance(values.get(each), str)), "it")


def _settled(of: Any, value: Any, name: str, who: str) -> Any:
    if isinstance(value, msgpack.ExtType):
        return _invented(of, name, who)
    if not isinstance(of, list) or not value:
        return value
    kind, inner = of
    if kind == "object":
        return {key: _settled(each, value.get(key), key, who) for key, each in inner.items()}
    if kind == "map":
        return {key: _settled(inner, each, key, who) for key, each in value.items()}
    return [_settled(inner, each, name, who) for each in value]


def _invented(of: Any, name: str, who: str) -> Any:
    if isinstance(of, list):
        kind, inner = of
        if kind == "object":
            return {key: _invented(each, key, who) for key, each in inner.items()}
        if kind == "map":
            return {}
        return [_invented(inner, f"{name}{place}", who) for place in range(2 if kind == "list" else 1)]
    return {"string": f"{who}/{name}", "number": 1, "bool": False}.get(of, [b'"string"', f"{who}/{name}"])
