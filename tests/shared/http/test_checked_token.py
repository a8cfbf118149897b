"""Cloud Run's IAM checks a token and removes its signature: it is believed there, and nowhere else."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from shared.errors import Forbidden, Unauthenticated
from shared.http.authentication import Authenticator
from shared.settings import Settings

ADDRESS = "https://bakery.example.run.app"
CHECKOUT = "boutique-checkout@shop.iam.gserviceaccount.com"
CLOUD = Settings(
    platform="cloud",
    project="shop",
    account_prefix="boutique-",
    addresses={"bakery": ADDRESS},
    keys="http://127.0.0.1:9/nobody-listens",
    iam_checks_tokens=True,
)


def passed_on(clock: Any, mark: str = "SIGNATURE_REMOVED_BY_GOOGLE", **claims: Any) -> str:
    """The header as Cloud Run hands it to a process."""
    said = {
        "iss": "https://accounts.google.com",
        "aud": ADDRESS,
        "azp": "104321",
        "sub": "104321",
        "email": CHECKOUT,
        "email_verified": True,
        "iat": int(clock().timestamp()),
        "exp": int(clock().timestamp()) + 3600,
    } | claims
    header, payload = ({"alg": "RS256", "kid": "5d887f26", "typ": "JWT"}, said)
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in (header, payload)]
    return f"Bearer {'.'.join([*parts, mark])}"


def caller(settings: Settings, clock: Any, *sent: str | None) -> str:
    authorization, serverless = (*sent, None)[:2]
    return Authenticator("bakery", settings, clock).caller(authorization, ("checkout",), serverless).name


def test_what_iam_has_checked_is_believed_without_asking_for_keys(clock: Any) -> None:
    assert caller(CLOUD, clock, passed_on(clock)) == "checkout"
    assert caller(CLOUD, clock, passed_on(clock, aud=f"{ADDRESS}/")) == "checkout"


def test_where_iam_checks_nothing_a_token_without_signature_proves_nothing(clock: Any) -> None:
    """legacy_checkout is such a service: anybody in its networks could write such a token."""
    from_a_laptop = replace(CLOUD, platform="embedded", iam_checks_tokens=False)
    unguarded = replace(CLOUD, iam_checks_tokens=False)

    for settings in (from_a_laptop, unguarded):
        with pytest.raises(Exception, match=r"keys are not in reach|doesn't verify"):
            caller(settings, clock, passed_on(clock))


def test_of_two_headers_only_the_one_that_iam_checks_counts(clock: Any) -> None:
    """It hands on `Authorization` untouched beside `X-Serverless-Authorization`: it could say anything."""
    forged = passed_on(clock, email="boutique-operator@shop.iam.gserviceaccount.com")
    authenticator = Authenticator("bakery", CLOUD, clock)

    with pytest.raises(Forbidden, match="checkout may not call"):
        authenticator.caller(forged, ("operator",), passed_on(clock))
    assert authenticator.caller(forged, ("checkout",), passed_on(clock)).name == "checkout"
    with pytest.raises(Unauthenticated):
        authenticator.caller(passed_on(clock), ("checkout",), "")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://inventory.example.run.app"},
        {"aud": [ADDRESS]},
        {"iss": "https://elsewhere.example"},
        {"email": "boutique-checkout@another.iam.gserviceaccount.com"},
        {"email_verified": False},
        {"email": None},
        {"exp": "soon"},
        {"exp": None},
    ],
)
def test_issuer_audience_account_and_form_are_looked_at_once_more(clock: Any, claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        caller(CLOUD, clock, passed_on(clock, **claims))


@pytest.mark.parametrize(
    "token",
    [
        ".SIGNATURE_REMOVED_BY_GOOGLE",
        "x.SIGNATURE_REMOVED_BY_GOOGLE",
        "x.y.SIGNATURE_REMOVED_BY_GOOGLE",
        "x.W10.SIGNATURE_REMOVED_BY_GOOGLE",
        "x.bnVsbA.SIGNATURE_REMOVED_BY_GOOGLE",
        "x.é.SIGNATURE_REMOVED_BY_GOOGLE",
        "a.e30.b.SIGNATURE_REMOVED_BY_GOOGLE",
    ],
)
def test_what_is_no_token_is_refused(clock: Any, token: str) -> None:
    with pytest.raises(Unauthenticated):
        caller(CLOUD, clock, f"Bearer {token}")


def test_two_tokens_in_one_header_are_none(clock: Any) -> None:
    good, forged = passed_on(clock), passed_on(clock, email="boutique-operator@shop.iam.gserviceaccount.com")

    with pytest.raises(Unauthenticated):
        caller(CLOUD, clock, f"{good},{forged}")


def test_it_ends_when_it_says(clock: Any) -> None:
    sent = passed_on(clock)
    authenticator = Authenticator("bakery", CLOUD, clock)
    assert authenticator.caller(sent, ("checkout",)).name == "checkout"

    clock.advance(hours=1)
    with pytest.raises(Unauthenticated, match="expired"):
        authenticator.caller(sent, ("checkout",))


def test_a_whole_token_is_still_judged_by_its_signature(clock: Any) -> None:
    with pytest.raises(Exception, match="keys are not in reach"):
        caller(CLOUD, clock, passed_on(clock, mark="c2lnbmF0dXJl"))
