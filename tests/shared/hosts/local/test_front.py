"""The front door has the whole body before anything is answered, so that the connection stays usable."""

import io
from typing import Any

import pytest

from shared.hosts.local.front import _receive
from shared.http.request import MAX_BODY


@pytest.mark.parametrize("headers", [{"CONTENT_LENGTH": "4"}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_a_body_is_read_and_the_service_finds_it_all_the_same(headers: dict[str, str]) -> None:
    stream = io.BytesIO(b"body")
    environ: dict[str, Any] = {"wsgi.input": stream, **headers}

    _receive(environ)

    assert stream.read() == b""
    assert environ["wsgi.input"].read() == b"body"


@pytest.mark.parametrize("length", ["", "0", "-1", "four", str(MAX_BODY + 1)])
def test_what_is_missing_wrong_or_too_large_is_left_to_the_service(length: str) -> None:
    stream = io.BytesIO(b"body")
    environ: dict[str, Any] = {"wsgi.input": stream, "CONTENT_LENGTH": length}

    _receive(environ)

    assert environ["wsgi.input"] is stream
    assert stream.tell() == 0
