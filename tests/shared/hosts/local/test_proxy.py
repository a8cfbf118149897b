"""With `--isolated` the front door passes requests on; what it refuses itself it tells as a service would."""

import io
import json
from typing import Any

import pytest

from shared.calls.transport import wsgi_environ
from shared.hosts.local.estate import proxy


@pytest.mark.parametrize(("length", "told"), [(str(2 << 20), (413, "too_large")), ("four", (400, "bad_request"))])
def test_a_body_that_cannot_be_read_is_refused(length: str, told: tuple[int, str]) -> None:
    answered: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        answered.update(status=int(status[:3]), headers=dict(headers))

    environ = wsgi_environ("POST", "/orders", "", b"", {}) | {"CONTENT_LENGTH": length, "wsgi.input": io.BytesIO()}
    body = b"".join(proxy("http://127.0.0.1:1")(environ, start_response))

    assert (answered["status"], json.loads(body)["code"]) == told
    assert answered["headers"]["Content-Type"] == "application/problem+json"
