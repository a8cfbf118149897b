"""A request and a response as the edge sees them; WSGI in, WSGI out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from shared.errors import BadRequest, TooLarge, UnsupportedMediaType

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

JSON, CSV, FORM = "application/json", "text/csv", "application/x-www-form-urlencoded"
MAX_BODY = 1 << 20
"""Bytes; a larger body is 413. An order of 1,000 lines is 50 KB."""
_REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


@dataclass(slots=True)
class Request:
    """One request. `headers` names are in lower case."""

    environ: Environ

    @property
    def method(self) -> str:
        """The HTTP method, in capitals; GET for HEAD, whose answer is the same without its body (RFC 9110, 9.3.2)."""
        method = str(self.environ["REQUEST_METHOD"])
        return "GET" if method == "HEAD" else method

    @property
    def wants_body(self) -> bool:
        """Whether the answer's body is sent."""
        return bool(self.environ["REQUEST_METHOD"] != "HEAD")

    @property
    def path(self) -> str:
        """The path below the service's address."""
        return str(self.environ.get("PATH_INFO") or "/")

    def header(self, name: str) -> str | None:
        """Return a header by its lower-case name."""
        variable = name.upper().replace("-", "_")
        found = self.environ.get(variable if variable in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{variable}")
        return str(found) if found is not None else None

    def query(self) -> dict[str, str]:
        """Return the query parameters; BadRequest when one comes twice."""
        pairs = parse_qsl(self.environ.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=50)
        found = dict(pairs)
        if len(found) != len(pairs):
            raise BadRequest("a query parameter comes twice")
        return found

    def media_type(self, *others: str) -> str:
        """Return what the body says it is: JSON, or one of `others` that the route takes too; UnsupportedMediaType."""
        media_type = (self.header("content-type") or JSON).partition(";")[0].strip().lower()
        if media_type in others:
            return media_type
        if media_type != JSON and not media_type.endswith("+json"):
            raise UnsupportedMediaType(f"send {' or '.join((JSON, *others))}")
        return JSON

    def body(self) -> bytes:
        """Read the body; TooLarge above MAX_BODY."""
        try:
            length = int(self.environ.get("CONTENT_LENGTH") or -1)
        except ValueError as error:
            raise BadRequest("Content-Length is not a number") from error
        stream = self.environ["wsgi.input"]
        if length > MAX_BODY:
            raise TooLarge(f"the body has {length} bytes; at most {MAX_BODY} are taken")
        if length >= 0:
            return _whole(bytes(stream.read(length)), length)
        if "chunked" not in self.environ.get("HTTP_TRANSFER_ENCODING", ""):
            return b""
        whole = bytes(stream.read(MAX_BODY + 1))
        if len(whole) > MAX_BODY:
            raise TooLarge(f"at most {MAX_BODY} bytes are taken")
        return whole


@dataclass(slots=True)
class Response:
    """One answer. `body` is complete; `media_type` is left out where there is none."""

    status: int
    body: bytes = b""
    media_type: str = "application/json"
    headers: list[tuple[str, str]] = field(default_factory=list)

    def send(self, start_response: StartResponse, *, with_body: bool = True) -> list[bytes]:
        """Answer in WSGI; without the body, everything is said about it all the same."""
        headers = [("Content-Length", str(len(self.body))), *self.headers]
        if self.body:
            headers.append(("Content-Type", self.media_type))
        start_response(_REASONS.get(self.status, f"{self.status} Unknown"), headers)
        return [self.body] if with_body else []


def _whole(body: bytes, length: int) -> bytes:
    """Return the body; BadRequest if it ended early: half a body may read like a whole one."""
    if len(body) != length:
        raise BadRequest(f"the body ended after {len(body)} of {length} bytes")
    return body
