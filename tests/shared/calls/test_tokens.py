"""Identity tokens: signed here where this process holds the estate's key, else from the metadata server."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from shared.calls.signer import Signer, make_keys, private_key_file, public_keys_file, signer_of
from shared.calls.tokens import Tokens, connect_tokens
from shared.errors import CallFailed
from shared.http.request import Response
from shared.settings import Settings
from tests.shared.calls.conftest import Called

AUDIENCE = "http://127.0.0.1:8080/pricing"
IDENTITY = "/computeMetadata/v1/instance/service-accounts/checkout/identity"


@pytest.fixture
def signer(settings: Settings) -> Signer:
    found = signer_of(settings)
    assert found is not None
    return found


def test_keys_that_were_cut_short_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: Any) -> None:
    settings, write = Settings(data=tmp_path), Path.write_bytes

    def killed(path: Path, content: bytes) -> int:
        write(path, content[: len(content) // 2])
        raise SystemExit

    for half_written in ("key", "jwks"):
        monkeypatch.setattr(
            Path,
            "write_bytes",
            lambda path, content, half=half_written: (killed if half in path.name else write)(path, content),
        )
        with pytest.raises(SystemExit):
            make_keys(settings)
        monkeypatch.undo()
    make_keys(settings)
    found = signer_of(settings)
    assert found is not None
    key = jwt.PyJWKSet.from_json(public_keys_file(settings).read_text()).keys[0]
    assert jwt.decode(
        found.token("push", AUDIENCE, now),
        key.key,
        ["RS256"],
        audience=AUDIENCE,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert private_key_file(settings).stat().st_mode & 0o777 == 0o600


def test_a_token_looks_as_googles_do(signer: Signer, settings: Settings, now: Any) -> None:
    token = signer.token("order_management", AUDIENCE, now)

    key = jwt.PyJWKSet.from_json(public_keys_file(settings).read_text())[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(
        token, key.key, ["RS256"], audience=AUDIENCE, options={"verify_exp": False, "verify_iat": False}
    )
    assert claims["iss"] == "https://online-boutique.local"
    assert claims["email"] == "order-management@local.iam.gserviceaccount.com"
    assert claims["email_verified"] is True
    assert claims["exp"] - claims["iat"] == 3600


def test_the_private_key_is_for_its_owner_alone(settings: Settings) -> None:
    assert private_key_file(settings).stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in public_keys_file(settings).read_bytes()
    assert '"d"' not in public_keys_file(settings).read_text()


def test_keys_are_made_once(settings: Settings) -> None:
    before = private_key_file(settings).read_bytes()
    make_keys(settings)

    assert private_key_file(settings).read_bytes() == before


def test_a_token_is_kept_until_five_minutes_before_its_end(signer: Signer, clock: Any) -> None:
    fetched: list[str] = []

    def fetch(audience: str) -> str:
        fetched.append(audience)
        return signer.token("checkout", audience, clock())

    tokens = Tokens(fetch, clock)
    first = tokens.token(AUDIENCE)
    clock.advance(minutes=54, seconds=59)
    assert tokens.token(AUDIENCE) == first
    assert fetched == [AUDIENCE]

    clock.advance(seconds=1)
    assert tokens.token(AUDIENCE) != first
    assert tokens.token("https://elsewhere") != tokens.token(AUDIENCE)
    assert fetched == [AUDIENCE, AUDIENCE, "https://elsewhere"]


def test_threads_that_need_the_same_token_fetch_it_once(signer: Signer, clock: Any) -> None:
    fetched: list[str] = []

    def fetch(audience: str) -> str:
        fetched.append(audience)
        time.sleep(0.02)
        return signer.token("checkout", audience, clock())

    tokens = Tokens(fetch, clock)
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(tokens.token, [AUDIENCE] * 8))

    assert len(found) == len(fetched) == 1


def test_a_process_without_the_key_asks_the_metadata_server(
    settings: Settings, signer: Signer, pricing: Called, address: str, clock: Any
) -> None:
    isolated = Settings(data=settings.data, account="checkout", metadata=address)
    token = signer.token("checkout", AUDIENCE, clock() + timedelta(0))
    pricing.handlers[IDENTITY] = lambda _: Response(200, token.encode(), "text/plain")

    assert signer_of(isolated) is None
    assert connect_tokens("checkout", isolated, clock).token(AUDIENCE) == token
    [request] = pricing.requests
    assert request["HTTP_METADATA_FLAVOR"] == "Google"
    assert request["QUERY_STRING"] == "audience=http%3A%2F%2F127.0.0.1%3A8080%2Fpricing&format=full"


@pytest.mark.parametrize("status", [404, 500])
def test_no_token_is_a_failed_call(settings: Settings, pricing: Called, address: str, clock: Any, status: int) -> None:
    isolated = Settings(data=settings.data, account="checkout", metadata=address)
    pricing.handlers[IDENTITY] = lambda _: Response(status, b"no")

    with pytest.raises(CallFailed, match="no identity token"):
        connect_tokens("checkout", isolated, clock).token(AUDIENCE)


def test_the_cloud_never_signs_for_itself(settings: Settings) -> None:
    assert signer_of(Settings(data=settings.data, platform="cloud")) is None
