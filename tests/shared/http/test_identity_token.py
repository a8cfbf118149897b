"""Reading identity tokens: RS256 by a key of the issuer's, and nothing else."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from shared.calls.signer import Signer, make_keys, public_keys_file, signer_of
from shared.errors import Unauthenticated, Unavailable
from shared.http.identity_token import IssuedTokens, TokenKind
from shared.settings import Settings


def encoded(part: Any) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def tokens_of(keys_at: str, clock: Any) -> IssuedTokens:
    return IssuedTokens(TokenKind("https://online-boutique.local", {"http://here"}, keys_at), clock)


def issuer(folder: Path) -> tuple[Signer, Path]:
    settings = Settings(data=folder, issuer="https://online-boutique.local")
    make_keys(settings)
    signer = signer_of(settings)
    assert signer is not None
    return signer, public_keys_file(settings)


def test_a_token_of_the_issuer_says_who_calls(signer: Signer, settings: Settings, clock: Any) -> None:
    claims = tokens_of(settings.keys, clock).claims(signer.token("checkout", "http://here", clock()))

    assert (claims["aud"], claims["email"]) == ("http://here", "checkout@local.iam.gserviceaccount.com")


def test_changed_claims_are_refused(signer: Signer, settings: Settings, clock: Any) -> None:
    header, claims, signature = signer.token("checkout", "http://here", clock()).split(".")
    known = json.loads(base64.urlsafe_b64decode(claims + "=="))
    changed = encoded({**known, "email": "operator@local.iam.gserviceaccount.com"})

    with pytest.raises(Unauthenticated, match="signature"):
        tokens_of(settings.keys, clock).claims(f"{header}.{changed}.{signature}")


def test_a_token_for_somebody_else_or_of_another_issuer_is_refused(
    signer: Signer, settings: Settings, clock: Any
) -> None:
    tokens = tokens_of(settings.keys, clock)
    stranger = Signer(signer._pem, signer._key_id, Settings(issuer="https://accounts.example"))

    with pytest.raises(Unauthenticated, match="another service"):
        tokens.claims(signer.token("checkout", "http://there", clock()))
    with pytest.raises(Unauthenticated, match="another issuer"):
        tokens.claims(stranger.token("checkout", "http://here", clock()))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"exp": None}, "malformed"),
        ({"exp": "soon"}, "malformed"),
        ({"aud": None}, "another service|malformed"),
        ({"iss": None}, "another issuer|malformed"),
        ({"nbf": "soon"}, "malformed"),
        ({"nbf": 4_102_444_800}, "not valid yet"),
        ({"exp": 1}, "expired"),
    ],
)
def test_claims_that_are_missing_or_out_of_time_are_refused(
    signer: Signer, settings: Settings, clock: Any, changed: dict[str, Any], why: str
) -> None:
    good = jwt.decode(signer.token("checkout", "http://here", clock()), options={"verify_signature": False})
    claims = {name: value for name, value in {**good, **changed}.items() if value is not None}
    token = jwt.encode(claims, signer._pem, algorithm="RS256", headers={"kid": signer._key_id})

    with pytest.raises(Unauthenticated, match=why):
        tokens_of(settings.keys, clock).claims(token)


def test_the_public_key_is_no_shared_secret(signer: Signer, settings: Settings, clock: Any) -> None:
    _, claims, _ = signer.token("checkout", "http://here", clock()).split(".")
    header = encoded({"alg": "HS256", "kid": signer._key_id})
    by_public_key = hmac.digest(Path(settings.keys).read_bytes(), f"{header}.{claims}".encode(), hashlib.sha256)

    with pytest.raises(Unauthenticated, match="RS256"):
        tokens_of(settings.keys, clock).claims(f"{header}.{claims}.{encoded(by_public_key)}")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "RS256", "crit": ["b64"], "b64": False},
        {"alg": ["RS256"]},
        {},
        [],
        "RS256",
        7,
        None,
        b"no json",
        b"[" * 100_000,
    ],
)
def test_any_other_header_is_refused(signer: Signer, settings: Settings, clock: Any, header: Any) -> None:
    _, claims, signature = signer.token("checkout", "http://here", clock()).split(".")
    known = {**header, "kid": signer._key_id} if isinstance(header, dict) else header

    with pytest.raises(Unauthenticated):
        tokens_of(settings.keys, clock).claims(f"{encoded(known)}.{claims}.{signature}")


@pytest.mark.parametrize("key_id", ["somebody-elses", "", None, 7, ["a"], {}])
def test_a_key_that_is_not_the_issuers_is_refused(
    signer: Signer, settings: Settings, clock: Any, key_id: object
) -> None:
    _, claims, signature = signer.token("checkout", "http://here", clock()).split(".")

    with pytest.raises(Unauthenticated):
        tokens_of(settings.keys, clock).claims(f"{encoded({'alg': 'RS256', 'kid': key_id})}.{claims}.{signature}")


@pytest.mark.parametrize("token", ["", ".", "..", "...", "a.b", "a.b.c.d", "é.é.é", "e30.e30.e30", " . . "])
def test_what_is_no_token_is_refused(settings: Settings, clock: Any, token: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens_of(settings.keys, clock).claims(token)


class KeyServer:
    """Serves a key set over HTTP and counts how often it is asked."""

    def __init__(self) -> None:
        self.content, self.asked = b"", 0
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.asked += 1
                self.send_response(200)
                self.send_header("Content-Length", str(len(served.content)))
                self.end_headers()
                self.wfile.write(served.content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/certs"


@pytest.fixture
def key_server() -> Iterator[KeyServer]:
    server = KeyServer()
    thread = Thread(target=server.http.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.http.shutdown()
    thread.join()
    server.http.server_close()


def test_keys_are_asked_for_once_in_five_minutes(key_server: KeyServer, tmp_path: Path, clock: Any) -> None:
    signer, keys = issuer(tmp_path)
    key_server.content = keys.read_bytes()
    tokens = tokens_of(key_server.url, clock)

    for _ in range(3):
        assert tokens.claims(signer.token("checkout", "http://here", clock()))
    clock.advance(minutes=4, seconds=59)
    assert tokens.claims(signer.token("checkout", "http://here", clock()))
    assert key_server.asked == 1

    clock.advance(seconds=1)
    assert tokens.claims(signer.token("checkout", "http://here", clock()))
    assert key_server.asked == 2


def test_a_new_key_is_found_and_made_up_ones_ask_twice_a_minute_at_most(
    key_server: KeyServer, tmp_path: Path, clock: Any
) -> None:
    old, old_keys = issuer(tmp_path / "old")
    new, new_keys = issuer(tmp_path / "new")
    key_server.content = old_keys.read_bytes()
    tokens = tokens_of(key_server.url, clock)
    assert tokens.claims(old.token("checkout", "http://here", clock()))

    key_server.content = new_keys.read_bytes()
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            tokens.claims(new.token("checkout", "http://here", clock()))
    assert key_server.asked == 1

    clock.advance(seconds=30)
    assert tokens.claims(new.token("checkout", "http://here", clock()))
    with pytest.raises(Unauthenticated):
        tokens.claims(old.token("checkout", "http://here", clock()))
    assert key_server.asked == 2


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"keys": [{"kty": "RSA"}]}'])
def test_what_is_no_key_set_counts_as_out_of_reach(
    key_server: KeyServer, signer: Signer, clock: Any, content: bytes
) -> None:
    key_server.content = content
    tokens = tokens_of(key_server.url, clock)

    with pytest.raises(Unavailable):
        tokens.claims(signer.token("checkout", "http://here", clock()))


def test_keys_for_other_uses_verify_nothing(settings: Settings, tmp_path: Path, signer: Signer, clock: Any) -> None:
    key = json.loads(Path(settings.keys).read_text())["keys"][0]
    curve = jwt.algorithms.ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)
    others = [{**key, "use": "enc"}, {**key, "alg": "RS512"}, {**curve, "kid": key["kid"]}]
    path = tmp_path / "jwks.json"

    for other in others:
        path.write_text(json.dumps({"keys": [other]}))
        with pytest.raises(Unauthenticated):
            tokens_of(str(path), clock).claims(signer.token("checkout", "http://here", clock()))
