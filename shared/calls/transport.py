"""The two ways a call goes: into a WSGI callable of this process, or over a socket."""

import io
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from threading import local
from typing import Any
from urllib.parse import urlencode

from shared.errors import CallFailed

_ANSWERS = ("Content-Type", "Retry-After", "X-Effect", "Idempotent-Replay", "Allow", "WWW-Authenticate")
_PAGES = ("Location", "Content-Security-Policy", "X-Content-Type-Options", "Cache-Control")
_KEPT = tuple((name, name.lower()) for name in (*_ANSWERS, *_PAGES))
_thread = local()
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""A WSGI callable (PEP 3333)."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: bytes
    retry_after: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    """What else came back and is worth passing on."""


def in_process(
    app: Wsgi,
    method: str,
    path: str,
    query: dict[str, str],
    body: bytes | None,
    headers: dict[str, str],
    deadline_s: float,
) -> Reply:
    """Call a neighbour. It can't be interrupted, so an answer that comes after the deadline counts as none."""
    answered: dict[str, Any] = {}

    def start_response(status: str, received: list[tuple[str, str]], exc_info: Any = None) -> None:
        answered["status"] = int(status[:3])
        answered["headers"] = received

    environ = wsgi_environ(method, path, urlencode(query), body or b"", headers)
    began = time.monotonic()
    try:
        content = b"".join(app(environ, start_response))
    except Exception as error:  # over a socket this would be a connection that breaks
        raise CallFailed(f"{path}: {type(error).__name__}") from error
    if time.monotonic() - began > deadline_s:
        raise CallFailed(f"no answer within {deadline_s:.1f} s")
    return _reply(answered["status"], content, dict(answered["headers"]))


def wsgi_environ(method: str, path: str, query: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """Return the environ of a request (PEP 3333)."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        variable = name.upper().replace("-", "_")
        environ[variable if variable in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{variable}"] = value
    return environ


def over_socket(
    url: str, method: str, query: dict[str, str], body: bytes | None, headers: dict[str, str], deadline_s: float
) -> Reply:
    """Call by `requests`, keeping connections; CallFailed on a time-out or a broken connection."""
    requests = _requests()
    if deadline_s <= 0:
        raise CallFailed("no time left for the call")
    try:
        answer = _session().request(
            method, url, params=query, data=body, headers=headers, timeout=deadline_s, allow_redirects=False
        )
    except requests.RequestException as error:
        raise CallFailed(f"{url.partition('?')[0]}: {type(error).__name__}") from error
    return _reply(answer.status_code, answer.content, dict(answer.headers))


@lru_cache(maxsize=1)
def _requests() -> Any:
    import requests  # noqa: PLC0415  (59 ms that a service without calls over sockets doesn't pay)

    return requests


def _session() -> Any:
    if not hasattr(_thread, "session"):
        _thread.session = _requests().Session()
        _thread.session.trust_env = False
    return _thread.session


def _reply(status: int, body: bytes, headers: dict[str, str]) -> Reply:
    known = {name.lower(): value for name, value in headers.items()}  # WSGI apps spell them as they like
    retry_after = known.get("retry-after", "")
    kept = tuple((name, known[lower]) for name, lower in _KEPT if lower in known)
    return Reply(status, body, int(retry_after) if retry_after.isdecimal() else None, kept)
