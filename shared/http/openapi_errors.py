"""The problem+json answers of an OpenAPI document: one response per status and set of codes, shared by the routes."""

from typing import Any

from shared import errors
from shared.errors import BoutiqueError, Refusal
from shared.http.problem import MEDIA_TYPE

PROBLEMS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457. `code` is stable, `detail` is for people; further members depend on the code.",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        },
    },
    "FieldError": {
        "type": "object",
        "description": "Which field breaks a rule, and what would be right. The input is never repeated.",
        "required": ["field", "message"],
        "additionalProperties": False,
        "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
    },
}
_HEADERS = {
    401: {"WWW-Authenticate": {"description": "`Bearer`", "schema": {"type": "string"}}},
    409: {
        "Retry-After": {
            "description": "Seconds after which to ask again; with `in_progress`.",
            "schema": {"type": "integer", "minimum": 1},
        }
    },
}
_ONLY_INVALID = {
    "if": {"properties": {"code": {"const": "invalid"}}},
    "then": {"required": ["errors"], "properties": {"errors": {"minItems": 1}}},
}


def _kinds() -> dict[str, type[BoutiqueError]]:
    """Return every class of the closed list by its code."""
    classes = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, BoutiqueError)]
    return {kind.code: kind for kind in classes if "code" in vars(kind)}


KINDS = _kinds()
_GROUPS = {
    "read": {
        *("bad_request", "unauthenticated", "forbidden", "not_found", "in_progress", "invalid"),
        "currency_not_accepted",
        *("internal", "unavailable", "contention", "call_failed"),
    },
    "command": {"not_found", "payment_unavailable", *(c for c, kind in KINDS.items() if issubclass(kind, Refusal))},
    "body": {"too_large", "unsupported_media_type"},
    "keyed": {"idempotency_key_reused"},
    "key required": {"idempotency_key_missing"},
    "door": {"bad_request", "unauthenticated", "forbidden", "too_large", "internal", "unavailable"},
}


def codes_of(group: str) -> set[str]:
    """Return the codes that a kind of route may answer: read, command, body, keyed, key required or door."""
    return set(_GROUPS[group])


class Responses:
    """Gathers the responses that a document's routes share; `components` holds them by name."""

    def __init__(self) -> None:
        self.components: dict[str, Any] = {}

    def of(self, codes: set[str]) -> dict[str, Any]:
        """Return references by status for these codes."""
        by_status: dict[int, list[str]] = {}
        for code in sorted(codes):
            by_status.setdefault(KINDS[code].status, []).append(code)
        return {str(status): self._reference(status, listed) for status, listed in sorted(by_status.items())}

    def _reference(self, status: int, codes: list[str]) -> dict[str, str]:
        response = _response(status, codes)
        number = 1
        while self.components.setdefault(f"Problem{status}-{number}", response) != response:
            number += 1
        return {"$ref": f"#/components/responses/Problem{status}-{number}"}


def _response(status: int, codes: list[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"properties": {"status": {"const": status}, "code": {"enum": codes}}}
    if "invalid" in codes:
        told |= _ONLY_INVALID
    response: dict[str, Any] = {
        "description": "\n".join(f"* `{code}`: {_meaning(code)}" for code in codes),
        "content": {MEDIA_TYPE: {"schema": {"allOf": [{"$ref": "#/components/schemas/Problem"}, told]}}},
    }
    if status in _HEADERS and (status != 409 or "in_progress" in codes):
        response["headers"] = _HEADERS[status]
    return response


def _meaning(code: str) -> str:
    if code == "internal":
        return "A defect of ours; `detail` holds the reference under which the log has it."
    return (KINDS[code].__doc__ or "").split("\n\n")[0].strip()
