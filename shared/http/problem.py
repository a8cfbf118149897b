"""RFC 9457 problem+json for everything that is not an answer."""

import json
from html import escape

from pydantic import ValidationError

from shared.errors import BadRequest, BoutiqueError, InProgress, Invalid, MethodNotAllowed, Unauthenticated
from shared.http.models import PAGE_HEADERS
from shared.http.request import Response

MEDIA_TYPE = "application/problem+json"
_ASIDE = {
    "missing": "is required",
    "extra_forbidden": "is not known here; leave it out",
}


def problem(error: BoutiqueError) -> Response:
    """Write an error as problem+json; `code` is stable, `detail` is for people."""
    body = {
        "type": f"https://schemas.online-boutique.example/problems/{error.code}",
        "title": error.code.replace("_", " "),
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        **error.extra,
    }
    return Response(error.status, json.dumps(body, default=str).encode(), MEDIA_TYPE, _headers(error))


def _headers(error: BoutiqueError) -> list[tuple[str, str]]:
    """Return the headers that HTTP wants beside a status (RFC 9110, 15.5)."""
    if isinstance(error, InProgress):
        return [("Retry-After", str(error.retry_after))]
    if isinstance(error, MethodNotAllowed):
        return [("Allow", ", ".join(error.extra.get("allow", ())))]
    return [("WWW-Authenticate", "Bearer")] if isinstance(error, Unauthenticated) else []


def page_of(found: Response) -> Response:
    """Write a problem as a small page, for a person in a browser."""
    told = json.loads(found.body)
    title, detail = escape(str(told["title"])), escape(str(told["detail"]))
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>:root{{color-scheme:light dark}}body{{font:1rem/1.5 system-ui,sans-serif;"
        f"max-width:40rem;margin:3rem auto;padding:0 1rem}}</style><main><h1>{title.capitalize()}</h1>"
        f"<p>{detail}</p></main></html>"
    )
    return Response(found.status, text.encode(), "text/html; charset=utf-8", [*found.headers, *PAGE_HEADERS])


def internal(reference: str) -> Response:
    """Answer a defect: nothing about it but a reference to find it in the logs."""
    body = {
        "type": "about:blank",
        "title": "internal error",
        "status": 500,
        "code": "internal",
        "detail": f"This is our mistake. Its reference is {reference}.",
    }
    return Response(500, json.dumps(body).encode(), MEDIA_TYPE)


def invalid(failure: ValidationError, within: str = "") -> BoutiqueError:
    """Turn pydantic's errors into ours: each names the field and what would be right, none repeats the input."""
    found = failure.errors(include_url=False, include_context=False, include_input=False)
    if any(error["type"] == "json_invalid" for error in found):
        return BadRequest(f"The body is not JSON: {found[0]['msg'].removeprefix('Invalid JSON: ')}")
    return Invalid(
        *(
            (
                ".".join([*([within] if within else []), *(str(part) for part in error["loc"])]) or "body",
                _ASIDE.get(error["type"], error["msg"]),
            )
            for error in found
        )
    )
