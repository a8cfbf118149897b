"""A call into a WSGI callable of this process reads like one over a socket."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.calls.transport import in_process


def app(headers: list[tuple[str, str]]) -> Callable[..., list[bytes]]:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response("409 Conflict", headers)
        return [b"{}"]

    return answer


@pytest.mark.parametrize("spell", [str, str.lower, str.upper])
def test_headers_are_known_however_they_are_spelled(spell: Callable[[str], str]) -> None:
    sent = [("Content-Type", "application/problem+json"), ("Retry-After", "3"), ("X-Unknown", "1")]

    reply = in_process(app([(spell(name), value) for name, value in sent]), "GET", "/", {}, None, {}, 5.0)

    assert (reply.status, reply.body, reply.retry_after) == (409, b"{}", 3)
    assert reply.headers == (("Content-Type", "application/problem+json"), ("Retry-After", "3"))


def test_what_a_page_says_to_its_browser_is_passed_on() -> None:
    sent = [("Location", "../ord_1?notice=approved"), ("Content-Security-Policy", "x"), ("Cache-Control", "no-store")]

    assert in_process(app(sent), "POST", "/", {}, None, {}, 5.0).headers == tuple(sent)
