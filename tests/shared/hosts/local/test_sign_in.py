"""A laptop signs its operator in for pages, and for nothing that another site asks."""

from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest

from shared.calls.signer import make_keys, signer_of
from shared.hosts.local.sign_in import SignIn
from shared.http.request import Request
from shared.settings import Settings

ESTATE = "http://127.0.0.1:8080"
PAGE = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}


def estate_in(folder: Path) -> SignIn:
    settings = Settings(data=folder, estate=ESTATE, keys=str(folder / "identity" / "jwks.json"))
    make_keys(settings)
    signer = signer_of(settings)
    assert signer is not None
    return SignIn(signer, settings)


@pytest.fixture
def sign_in(tmp_path: Path) -> SignIn:
    return estate_in(tmp_path)


def asked(path: str, method: str = "GET", query: str = "", **headers: str) -> dict[str, Any]:
    return {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, **headers}


def cookie(sign_in: SignIn, after: str = "/backoffice/") -> tuple[str, SimpleCookie]:
    answer = sign_in.answer(Request(asked("/-/sign-in/operator", query=f"next={after}")))
    assert answer is not None and answer.status == 303
    headers = dict(answer.headers)
    return headers["Location"], SimpleCookie(headers["Set-Cookie"])


def signed_in(sign_in: SignIn) -> dict[str, str]:
    _, cookies = cookie(sign_in)
    return {"HTTP_COOKIE": f"boutique_operator={cookies['boutique_operator'].value}"}


def test_a_page_leads_to_signing_in_and_back(sign_in: SignIn):
    first = sign_in.before("backoffice", "/orders/ord_1", asked("/backoffice/orders/ord_1", query="notice=x", **PAGE))
    assert first is not None
    assert dict(first.headers)["Location"] == "/-/sign-in?next=/backoffice/orders/ord_1%3Fnotice%3Dx"
    page = sign_in.answer(Request(asked("/-/sign-in", query="next=/backoffice/orders/ord_1")))
    assert page is not None
    assert b'href="/-/sign-in/operator?next=/backoffice/orders/ord_1"' in page.body


def test_the_cookie_is_for_this_site_alone_and_no_script_reads_it(sign_in: SignIn):
    _, cookies = cookie(sign_in)
    found = cookies["boutique_operator"]
    assert (found["httponly"], found["samesite"], found["path"], found["max-age"]) == (True, "Strict", "/", "3300")


def test_the_cookie_becomes_the_token_that_services_check(sign_in: SignIn):
    _, cookies = cookie(sign_in)
    environ = asked("/backoffice/", **PAGE, HTTP_COOKIE=f"a=b; boutique_operator={cookies['boutique_operator'].value}")
    assert sign_in.before("backoffice", "/", environ) is None
    assert environ["HTTP_AUTHORIZATION"] == f"Bearer {cookies['boutique_operator'].value}"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_request_is_not_signed_in(sign_in: SignIn, site: str):
    environ = asked("/backoffice/orders/ord_1/approve", "POST", **signed_in(sign_in), HTTP_SEC_FETCH_SITE=site)
    assert sign_in.before("backoffice", "/orders/ord_1/approve", environ) is None
    assert "HTTP_AUTHORIZATION" not in environ


@pytest.mark.parametrize(("origin", "counts"), [(ESTATE, True), ("http://127.0.0.1:9999", False), ("null", False)])
def test_a_form_counts_from_this_origin_alone(sign_in: SignIn, origin: str, counts: bool):
    environ = asked("/backoffice/x", "POST", **signed_in(sign_in), HTTP_HOST="127.0.0.1:8080", HTTP_ORIGIN=origin)
    assert sign_in.before("backoffice", "/x", environ) is None
    assert ("HTTP_AUTHORIZATION" in environ) is counts


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "of-another-estate"])
def test_whoever_brings_a_cookie_that_counts_no_more_signs_in_again(sign_in: SignIn, tmp_path: Path, token: str):
    if token == "of-another-estate":
        token = signed_in(estate_in(tmp_path / "another"))["HTTP_COOKIE"].partition("=")[2]
    environ = asked("/backoffice/", **PAGE, HTTP_COOKIE=f"boutique_operator={token}")
    first = sign_in.before("backoffice", "/", environ)
    assert first is not None
    assert dict(first.headers)["Location"] == "/-/sign-in?next=/backoffice/"
    assert "HTTP_AUTHORIZATION" not in environ


@pytest.mark.parametrize(
    ("referer", "after"),
    [(f"{ESTATE}/backoffice/orders/ord_1", "/backoffice/orders/ord_1"), ("", "/backoffice/"), ("x:y", "/backoffice/")],
)
def test_a_form_that_is_sent_too_late_leads_to_signing_in_and_back_to_its_page(
    sign_in: SignIn, referer: str, after: str
):
    environ = asked("/backoffice/orders/ord_1/approve", "POST", **PAGE, HTTP_REFERER=referer)
    first = sign_in.before("backoffice", "/orders/ord_1/approve", environ)
    assert first is not None
    assert (first.status, dict(first.headers)["Location"]) == (303, f"/-/sign-in?next={after}")


def test_a_browser_at_the_estates_own_address_is_led_to_the_pages_and_a_script_is_not(sign_in: SignIn):
    led = sign_in.answer(Request(asked("/", **PAGE)))
    assert led is not None
    assert dict(led.headers)["Location"] == "/backoffice/"
    assert sign_in.answer(Request(asked("/", HTTP_ACCEPT="*/*"))) is None


@pytest.mark.parametrize(
    ("service", "below"), [("payment", "/payments"), ("order_management", "/orders"), ("nobody", "/")]
)
def test_no_other_service_takes_the_cookie(sign_in: SignIn, service: str, below: str):
    environ = asked(f"/{service}{below}", **PAGE, HTTP_COOKIE="boutique_operator=x")
    assert sign_in.before(service, below, environ) is None
    assert "HTTP_AUTHORIZATION" not in environ


def test_a_script_without_a_token_is_refused_by_the_service_and_not_led_anywhere(sign_in: SignIn):
    assert sign_in.before("backoffice", "/", asked("/backoffice/", HTTP_ACCEPT="application/json")) is None
    assert sign_in.before("backoffice", "/health", asked("/backoffice/health", **PAGE)) is None


def test_a_token_that_was_sent_is_left_as_it_is(sign_in: SignIn):
    environ = asked("/backoffice/", **PAGE, HTTP_AUTHORIZATION="Bearer own", HTTP_COOKIE="boutique_operator=x")
    assert sign_in.before("backoffice", "/", environ) is None
    assert environ["HTTP_AUTHORIZATION"] == "Bearer own"


def test_the_address_without_its_slash_leads_to_the_one_with_it(sign_in: SignIn):
    first = sign_in.before("backoffice", "/", asked("/backoffice", **PAGE))
    assert first is not None and dict(first.headers)["Location"] == "/backoffice/"


@pytest.mark.parametrize(
    "after", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_nobody_is_led_to_another_site(sign_in: SignIn, after: str):
    where, _ = cookie(sign_in, after)
    assert where == "/backoffice/"
