"""Calls to a service on Azure: a Google identity is exchanged for Entra's token, ahead of need and without a secret.

What goes over the wire is written out: the form that Entra documents and the answers that it gives.
"""

import base64
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from datetime import timedelta
from threading import Event
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import requests_mock as wire
from pydantic import BaseModel

from shared.calls.entra import EntraTokens
from shared.calls.http import HttpCalls
from shared.errors import CallFailed
from shared.settings import Settings, read_settings

TENANT, CLIENT = "0a1b2c3d-0000-4000-8000-00000000aaaa", "0a1b2c3d-0000-4000-8000-00000000cccc"
TOKEN_URL = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
SCOPE = "api://online-boutique-fraud/.default"
NO_FEDERATION = {
    "error": "invalid_client",
    "error_description": "AADSTS700213: No matching federated identity record found for presented assertion subject "
    "'104792340000000000000'. Trace ID: 6f0a Correlation ID: 11aa Timestamp: 2026-11-20 08:00:00Z",
    "error_codes": [700213],
    "timestamp": "2026-11-20 08:00:00Z",
    "trace_id": "6f0a",
    "correlation_id": "11aa",
    "error_uri": "https://login.microsoftonline.com/error?code=700213",
}
THROTTLED = {"error": "temporarily_unavailable", "error_codes": [90055]}


class Scored(BaseModel):
    decision: str


def given(token: str) -> dict[str, Any]:
    return {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": token}


@pytest.fixture
def entra() -> Iterator[wire.Mocker]:
    with wire.Mocker() as mocker:
        yield mocker


@pytest.fixture
def tokens(entra: wire.Mocker, clock: Any) -> Callable[..., EntraTokens]:
    def make(*answers: Any, assertion: Callable[[], str] = lambda: "google.id.token") -> EntraTokens:
        entra.post(
            TOKEN_URL, [each if "exc" in each else {"json": each, "status_code": _status(each)} for each in answers]
        )
        return EntraTokens(TOKEN_URL, CLIENT, SCOPE, assertion, clock)

    return make


def _status(answer: dict[str, Any]) -> int:
    return 200 if "access_token" in answer else 503 if answer is THROTTLED else 401


def settle(tokens: EntraTokens) -> None:
    """Wait for what is being fetched."""
    assert tokens._fetching is not None
    wait([tokens._fetching], 5)


def test_the_exchange_is_as_entra_documents_it(entra: wire.Mocker, tokens: Callable[..., EntraTokens]) -> None:
    assert tokens(given("entra-1")).token(1) == "entra-1"

    [asked] = entra.request_history
    assert (asked.method, asked.url) == ("POST", TOKEN_URL)
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(asked.text) == {
        "grant_type": ["client_credentials"],
        "client_id": [CLIENT],
        "scope": [SCOPE],
        "client_assertion_type": ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
        "client_assertion": ["google.id.token"],
    }


def test_a_token_is_fetched_when_the_calls_are_made_and_then_kept(
    entra: wire.Mocker, tokens: Callable[..., EntraTokens], clock: Any
) -> None:
    kept = tokens(given("entra-1"))
    settle(kept)
    clock.advance(minutes=54)

    assert [kept.token(0) for _ in range(3)] == ["entra-1"] * 3
    assert entra.call_count == 1


def test_before_it_expires_it_is_renewed_while_nobody_waits(
    entra: wire.Mocker, tokens: Callable[..., EntraTokens], clock: Any
) -> None:
    kept = tokens(given("entra-1"), given("entra-2"))
    settle(kept)
    clock.advance(minutes=56)

    assert kept.token(0) == "entra-1"
    settle(kept)
    assert kept.token(0) == "entra-2"
    assert entra.call_count == 2


def test_a_renewal_that_fails_is_tried_again_every_ten_seconds_and_harms_nobody_meanwhile(
    entra: wire.Mocker, tokens: Callable[..., EntraTokens], clock: Any
) -> None:
    kept = tokens(given("entra-1"), THROTTLED, THROTTLED, given("entra-2"))
    settle(kept)
    clock.advance(minutes=56)

    for _ in range(5):
        assert kept.token(0) == "entra-1"
        settle(kept)
    assert entra.call_count == 2
    clock.advance(seconds=10)
    kept.token(0)
    settle(kept)
    clock.advance(seconds=10)
    kept.token(0)
    settle(kept)
    assert kept.token(0) == "entra-2"


def test_an_expired_token_is_never_sent(tokens: Callable[..., EntraTokens], clock: Any) -> None:
    kept = tokens(given("entra-1"), NO_FEDERATION)
    settle(kept)
    clock.advance(seconds=3599 - 30)

    with pytest.raises(CallFailed):
        kept.token(1)


def test_a_refusal_says_its_codes_and_names_no_account(tokens: Callable[..., EntraTokens]) -> None:
    with pytest.raises(CallFailed, match=r"Entra gave no token: 401 invalid_client AADSTS700213$"):
        tokens(NO_FEDERATION).token(1)


@pytest.mark.parametrize(
    "answer",
    [
        {"exc": requests.ConnectTimeout},
        {"exc": requests.ReadTimeout},
        {"exc": requests.ConnectionError},
        THROTTLED,
        {"token_type": "Bearer", "access_token": "x"},
        {"access_token": "x", "expires_in": "soon"},
    ],
)
def test_whatever_else_goes_wrong_is_a_call_that_failed(tokens: Callable[..., EntraTokens], answer: Any) -> None:
    with pytest.raises(CallFailed):
        tokens(answer).token(1)


def test_a_slow_exchange_costs_a_call_no_more_than_it_may_wait_and_serves_the_next(
    tokens: Callable[..., EntraTokens],
) -> None:
    answered = Event()

    def slow() -> str:
        answered.wait(5)
        return "google.id.token"

    kept = tokens(given("entra-1"), assertion=slow)
    began = time.monotonic()
    with pytest.raises(CallFailed, match="in time"):
        kept.token(0.05)
    assert time.monotonic() - began < 1
    answered.set()
    assert kept.token(5) == "entra-1"


def test_without_googles_token_there_is_no_exchange(entra: wire.Mocker, tokens: Callable[..., EntraTokens]) -> None:
    def silent() -> str:
        raise CallFailed("no identity token from the metadata server")

    with pytest.raises(CallFailed, match="metadata"):
        tokens(given("entra-1"), assertion=silent).token(1)
    assert entra.call_count == 0


def unsigned(audience: str, now: Any) -> str:
    """What the metadata server gives, as far as the caller reads it."""
    claims = json.dumps({"aud": audience, "exp": (now + timedelta(hours=1)).timestamp()}).encode()
    return f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.c2ln"


@pytest.fixture
def on_cloud_run(monkeypatch: pytest.MonkeyPatch, clock: Any) -> Settings:
    """A service on Cloud Run that calls fraud on Azure and pricing beside it."""
    monkeypatch.setattr("shared.calls.http.from_metadata", lambda settings, audience: unsigned(audience, clock()))
    monkeypatch.setattr("shared.calls.tokens.from_metadata", lambda settings, audience: unsigned(audience, clock()))
    return read_settings(
        {
            "BOUTIQUE_PLATFORM": "cloud",
            "BOUTIQUE_ADDRESS_FRAUD": "https://fraud.internal.example",
            "BOUTIQUE_ADDRESS_PRICING": "https://pricing.example",
            "BOUTIQUE_ENTRA_TENANT": TENANT,
            "BOUTIQUE_ENTRA_CLIENT": CLIENT,
            "BOUTIQUE_ENTRA_SCOPE_FRAUD": SCOPE,
        }
    )


def test_fraud_is_called_with_entras_token_and_others_with_googles(
    entra: wire.Mocker, on_cloud_run: Settings, clock: Any
) -> None:
    entra.post(TOKEN_URL, json=given("entra-1"))
    entra.post("https://fraud.internal.example/api/score", json={"decision": "approve"})
    entra.post("https://pricing.example/prices", json={"decision": "none"})
    calls = HttpCalls("checkout", on_cloud_run, {}, clock)

    calls.post("fraud", "/api/score", {}, Scored, deadline_s=0.8)
    calls.post("pricing", "/prices", {}, Scored)

    sent = {asked.url: asked for asked in entra.request_history}
    assert sent["https://fraud.internal.example/api/score"].headers["Authorization"] == "Bearer entra-1"
    assertion = parse_qs(sent[TOKEN_URL].text)["client_assertion"]
    assert assertion == [unsigned("api://AzureADTokenExchange", clock())]
    googles = f"Bearer {unsigned('https://pricing.example', clock())}"
    assert sent["https://pricing.example/prices"].headers["Authorization"] == googles


def test_no_token_counts_as_fraud_being_silent(entra: wire.Mocker, on_cloud_run: Settings, clock: Any) -> None:
    entra.post(TOKEN_URL, json=NO_FEDERATION, status_code=401)
    calls = HttpCalls("checkout", on_cloud_run, {}, clock)

    with pytest.raises(CallFailed):
        calls.post("fraud", "/api/score", {}, Scored, deadline_s=0.8)
    assert {asked.url for asked in entra.request_history} == {TOKEN_URL}


def test_a_401_without_a_problem_as_easy_auth_gives_it_counts_as_silence(
    entra: wire.Mocker, on_cloud_run: Settings, clock: Any
) -> None:
    entra.post(TOKEN_URL, json=given("entra-1"))
    entra.post("https://fraud.internal.example/api/score", status_code=401, text="")

    with pytest.raises(CallFailed, match="answered 401"):
        HttpCalls("checkout", on_cloud_run, {}, clock).post("fraud", "/api/score", {}, Scored, deadline_s=0.2)


def test_where_no_scope_is_set_nobody_asks_entra(entra: wire.Mocker, clock: Any, keys: Any) -> None:
    HttpCalls("checkout", Settings(data=keys), {}, clock)
    assert entra.call_count == 0
