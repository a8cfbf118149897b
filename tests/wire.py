"""Holds what goes over the wire in tests against the checked-in documents: requests, answers and published events.

`tests/in_process.py` and `tests/estate.py` call this for everything that passes, so whatever a test does, a field that
the documents don't have, or have otherwise, fails it. In answers and events also a field too many is wrong: consumers
may not see what nobody documented. A problem may say more than its schema.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from shared.messaging.publisher import Message

DOCUMENTS = Path(__file__).parents[1] / "docs"
Document = dict[str, Any]
_REFUSED, _PROBLEM = 300, 400
"""From here on a service need not have understood the request; who asks for what is not there is told so."""


class OffContract(BaseException):
    """Nobody on the way takes this for a call that failed."""


def exchanged(
    service: str, method: str, path: str, request: bytes, status: int, headers: Mapping[str, str], answer: bytes
) -> None:
    """Check a request and its answer; OffContract says what the document of the service has otherwise."""
    if method == "HEAD":
        return
    template = _template(service, method, path) or _template(service, method, f"/api{path}")  # fraud's, on a laptop
    where = f"{service}: {method} {path} {status}"
    if template is None:
        if status < _PROBLEM:
            raise OffContract(f"{where}: not in docs/openapi/{service}.json")
        return
    media_types = _answers(service, template, method, status)
    if media_types is None:
        raise OffContract(f"{where}: the document has no such status")
    _check_answer(where, media_types, {name.lower(): value for name, value in headers.items()}, answer)
    body = _request(service, template, method)
    if status < _REFUSED and body is not None and _is_json(request):
        _check(f"{where}: the request", body, json.loads(request))


def published(messages: Iterable[Message]) -> None:
    """Check events on their way to the broker; OffContract for one that docs/asyncapi.json has otherwise."""
    for message in messages:
        kind = message.attributes.get("ce-type", "")
        where = f"{kind} to {message.topic}"
        if kind not in _asyncapi()["channels"].get(message.topic, {"messages": {}})["messages"]:
            raise OffContract(f"{where}: not in docs/asyncapi.json")
        payload, headers = _event(kind)
        _check(f"{where}: its attributes", headers, message.attributes)
        _check(where, payload, json.loads(message.data))


def _check_answer(
    where: str, media_types: dict[str, "jsonschema_rs.Validator"], headers: Mapping[str, str], answer: bytes
) -> None:
    media_type = headers.get("content-type", "").partition(";")[0]
    if not answer and not media_types:
        return
    if media_type not in media_types:
        raise OffContract(f"{where}: {media_type or 'no media type'}, where the document has {sorted(media_types)}")
    if media_type.endswith("json"):
        _check(where, media_types[media_type], json.loads(answer))


def _check(where: str, validator: "jsonschema_rs.Validator", value: Any) -> None:
    for error in validator.iter_errors(value):
        path = ".".join(map(str, error.instance_path))
        raise OffContract(f"{where}: {path or 'the whole'}: {error.message[:300]}")


@cache
def _openapi(service: str) -> Document:
    found: Document = json.loads((DOCUMENTS / "openapi" / f"{service}.json").read_text("utf-8"))
    return found


@cache
def _asyncapi() -> Document:
    found: Document = json.loads((DOCUMENTS / "asyncapi.json").read_text("utf-8"))
    return found


@cache
def _patterns(service: str) -> list[tuple["re.Pattern[str]", str]]:
    """Paths without parameters come first."""
    paths = sorted(_openapi(service)["paths"], key=lambda path: "{" in path)
    return [(re.compile(re.sub(r"\\?\{.*?\}", "[^/]+", re.escape(path))), path) for path in paths]


def _template(service: str, method: str, path: str) -> str | None:
    for pattern, template in _patterns(service):
        if pattern.fullmatch(path) and method.lower() in _openapi(service)["paths"][template]:
            return template
    return None


@cache
def _answers(service: str, template: str, method: str, status: int) -> dict[str, "jsonschema_rs.Validator"] | None:
    """Return what checks an answer, by its media type; None for a status that the document doesn't have."""
    whole = _openapi(service)
    response = whole["paths"][template][method.lower()]["responses"].get(str(status))
    if response is None:
        return None
    if "$ref" in response:
        response = whole["components"]["responses"][response["$ref"].rpartition("/")[2]]
    strict = status < _REFUSED
    return {
        media_type: _validator(content.get("schema", {}), whole["components"]["schemas"], strict=strict)
        for media_type, content in response.get("content", {}).items()
    }


@cache
def _request(service: str, template: str, method: str) -> "jsonschema_rs.Validator | None":
    whole = _openapi(service)
    content = whole["paths"][template][method.lower()].get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    return _validator(content["application/json"]["schema"], whole["components"]["schemas"], strict=False)


@cache
def _event(kind: str) -> tuple["jsonschema_rs.Validator", "jsonschema_rs.Validator"]:
    components = _asyncapi()["components"]
    message = components["messages"][kind]
    payload = _validator(message["payload"], components["schemas"], strict=True)
    return payload, _validator(message["headers"], components["schemas"], strict=True)


def _validator(schema: Any, components: Document, *, strict: bool) -> "jsonschema_rs.Validator":
    whole = {**schema, "components": {"schemas": components}}
    return jsonschema_rs.validator_for(closed(whole) if strict else whole, validate_formats=True)


def closed(schema: Any) -> Any:
    """Return a schema under which objects have no properties but those that are named.

    The parts of an `allOf` stay open, as each knows only its own.
    """
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        name: [
            {**closed(part), "additionalProperties": True} if "properties" in part else closed(part) for part in each
        ]
        if name == "allOf"
        else closed(each)
        for name, each in schema.items()
    }
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return found


def _is_json(body: bytes) -> bool:
    return body[:1] in (b"{", b"[")
