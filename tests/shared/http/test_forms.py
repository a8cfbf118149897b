"""Pages of a service: forms come in, pages and other addresses go out, and who is signed in is known."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from shared.calls.transport import Reply, in_process, wsgi_environ
from shared.errors import BadRequest, Invalid
from shared.http.models import Form
from shared.http.service import Service
from shared.http.wsgi import ServiceApp
from shared.settings import Settings

PROXY = "https://cloud.google.com/iap"
OURS = "/projects/1/locations/europe-west1/services/backoffice"


class Named(Form):
    name: str
    age: int = 0


def test_a_form_is_read_by_field():
    assert Named.from_form(b"name=Ada+L%C3%B6ve&age=36") == Named(name="Ada Löve", age=36)


@pytest.mark.parametrize("raw", [b"name=a&name=b", b"\xff=1", b"&".join([b"a=1"] * 60)])
def test_a_form_that_says_a_thing_twice_or_is_none_is_refused(raw: bytes):
    with pytest.raises(BadRequest):
        Named.from_form(raw)


def test_a_form_with_control_characters_is_refused_by_field_and_lines_are_text():
    assert Named.from_form(b"name=two%0D%0Alines").name == "two\r\nlines"
    with pytest.raises(Invalid, match=r"name: holds the control character U\+0007"):
        Named.from_form(b"name=a%07b")


@pytest.fixture
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def backoffice(
    tmp_path: Path, key: ec.EllipticCurvePrivateKey, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ServiceApp]:
    keys = tmp_path / "keys.json"
    public = json.loads(ECAlgorithm.to_jwk(key.public_key()))
    keys.write_text(json.dumps({"keys": [public | {"kid": "k1", "alg": "ES256", "use": "sig"}]}))
    monkeypatch.setattr("shared.http.authentication._PROXYS_KEYS", str(keys))
    yield ServiceApp(Service("backoffice", Settings(data=tmp_path, iap_audience=OURS)))


def assertion(key: ec.EllipticCurvePrivateKey, **changes: Any) -> str:
    claims = {"iss": PROXY, "aud": OURS, "email": "ada@example.com", "exp": time.time() + 600} | changes
    return jwt.encode(claims, key, "ES256", {"kid": "k1"})


def decide(app: ServiceApp, body: bytes = b"", **headers: str) -> Reply:
    place = "/orders/ord_01M7WN3C74YFVCWJP54DZF31W5/approve"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return in_process(app, "POST", place, {}, body, {**kind, **headers}, 60)


def test_who_is_signed_in_by_the_proxy_may_use_the_pages(backoffice: ServiceApp, key: ec.EllipticCurvePrivateKey):
    reply = decide(backoffice, b"reason=x", **{"X-Goog-IAP-JWT-Assertion": assertion(key)})
    assert (reply.status, json.loads(reply.body)["errors"][0]["field"]) == (422, "reason")


@pytest.mark.parametrize(
    "changes", [{"iss": "https://accounts.google.com"}, {"aud": "/projects/2/x"}, {"exp": 1}, {"nbf": 99999999999}]
)
def test_what_the_proxy_did_not_say_of_this_service_and_now_is_refused(
    backoffice: ServiceApp, key: ec.EllipticCurvePrivateKey, changes: dict[str, Any]
):
    assert decide(backoffice, **{"X-Goog-IAP-JWT-Assertion": assertion(key, **changes)}).status == 401


def test_what_another_signed_is_refused(backoffice: ServiceApp):
    other = ec.generate_private_key(ec.SECP256R1())
    assert decide(backoffice, **{"X-Goog-IAP-JWT-Assertion": assertion(other)}).status == 401


def test_without_the_proxy_its_header_counts_for_nothing(tmp_path: Path, key: ec.EllipticCurvePrivateKey):
    app = ServiceApp(Service("backoffice", Settings(data=tmp_path)))
    assert decide(app, **{"X-Goog-IAP-JWT-Assertion": assertion(key)}).status == 401


def test_a_service_without_pages_does_not_look_at_it(tmp_path: Path, key: ec.EllipticCurvePrivateKey):
    app = ServiceApp(Service("payment", Settings(data=tmp_path, iap_audience=OURS)))
    reply = in_process(app, "GET", "/payments", {}, None, {"X-Goog-IAP-JWT-Assertion": assertion(key)}, 60)
    assert reply.status == 401


def test_a_person_is_told_on_a_page_and_a_script_in_json(backoffice: ServiceApp):
    page, plain = decide(backoffice, Accept="text/html"), decide(backoffice)
    assert (page.status, plain.status) == (401, 401)
    assert b"<h1>Unauthenticated</h1>" in page.body
    assert json.loads(plain.body)["code"] == "unauthenticated"


def headers_of(app: ServiceApp, accept: str) -> dict[str, str]:
    found: dict[str, str] = {}
    environ = wsgi_environ("GET", "/", "", b"", {"Accept": accept})
    b"".join(app(environ, lambda status, headers: found.update(headers)))
    return found


def test_a_page_runs_no_script_is_in_no_frame_and_is_not_kept(backoffice: ServiceApp):
    page, plain = headers_of(backoffice, "text/html"), headers_of(backoffice, "application/json")
    policy = page["Content-Security-Policy"].split("; ")
    assert policy[0] == "default-src 'none'" and "frame-ancestors 'none'" in policy
    assert (page["X-Content-Type-Options"], page["Cache-Control"]) == ("nosniff", "no-store")
    assert "Content-Security-Policy" not in plain
