"""What an answer means to the caller: a model, or the error that the other service said."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.calls.transport import Reply
from shared.errors import (
    BadRequest,
    BoutiqueError,
    CallFailed,
    Forbidden,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    InProgress,
    Invalid,
    MethodNotAllowed,
    NotFound,
    PaymentUnavailable,
    TooLarge,
    Unauthenticated,
    UnsupportedMediaType,
    refusal,
)

A = TypeVar("A", bound=BaseModel)
_PLAIN: dict[str, type[BoutiqueError]] = {
    kind.code: kind
    for kind in (
        BadRequest,
        Forbidden,
        IdempotencyKeyMissing,
        IdempotencyKeyReused,
        MethodNotAllowed,
        NotFound,
        PaymentUnavailable,
        TooLarge,
        Unauthenticated,
        UnsupportedMediaType,
    )
}
_MEMBERS = {"type", "title", "status", "code", "detail"}


def read_answer(reply: Reply, answer: type[A], service: str, path: str) -> A:
    """Return the model of a 2xx answer; raise what any other says."""
    if reply.status < 300:
        try:
            return answer.model_validate_json(reply.body or b"{}")
        except ValidationError as failure:
            fields = ", ".join(".".join(map(str, error["loc"])) for error in failure.errors())
            raise CallFailed(f"{service}{path} answered another shape: {fields}") from None
    raise _said(reply, service, path)


def _said(reply: Reply, service: str, path: str) -> BoutiqueError:
    body = _problem(reply.body)
    code, detail = str(body.get("code", "")), str(body.get("detail", ""))
    if code in _PLAIN:
        return _PLAIN[code](detail)
    if code == InProgress.code:
        return InProgress(detail, retry_after=reply.retry_after or 1)
    if code == Invalid.code:
        return Invalid(*((each["field"], each["message"]) for each in body.get("errors", [])))
    if 400 <= reply.status < 500 and code:
        return refusal(code, detail, **{name: value for name, value in body.items() if name not in _MEMBERS})
    return CallFailed(f"{service}{path} answered {reply.status}")


def _problem(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
