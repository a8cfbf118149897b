"""The front door has the whole body before anything is answered, so that the connection stays usable."""

import io
from typing import Any

import pytest

from shared.hosts.local.front import Front
from shared.http.request import MAX_BODY


class Door:
    """A service that answers without looking at the body."""

    services: dict[str, Any]

    def __init__(self) -> None:
        self.services = {"crm": self.refuse}
        self.input: Any = None

    def refuse(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.input = environ["wsgi.input"]
        start_response("401 Unauthorized", [])
        return [b""]


def ask(body: bytes, **headers: str) -> tuple[Door, io.BytesIO]:
    door, stream = Door(), io.BytesIO(body)
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/crm/customers/resolve", "wsgi.input": stream, **headers}
    Front(door, None)(environ, lambda *_: None)  # type: ignore[arg-type]
    return door, stream


@pytest.mark.parametrize("headers", [{"CONTENT_LENGTH": "4"}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_an_unread_body_is_read_all_the_same(headers: dict[str, str]) -> None:
    door, stream = ask(b"body", **headers)

    assert stream.read() == b""
    assert door.input.read() == b"body"


@pytest.mark.parametrize("length", ["", "0", "-1", "four", str(MAX_BODY + 1)])
def test_what_is_missing_wrong_or_too_large_is_left_to_the_service(length: str) -> None:
    door, stream = ask(b"body", CONTENT_LENGTH=length)

    assert door.input is stream
    assert stream.tell() == 0
