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


@pytest.fixture
def sign_in(tmp_path: Path) -> SignIn:
    settings = Settings(data=tmp_path, estate=ESTATE)
    make_keys(settings)
    signer = signer_of(settings)
    assert signer is not None
    return SignIn(signer, ESTATE)


def asked(path: str, method: str = "GET", query: str = "", **headers: str) -> dict[str, Any]:
    return {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, **headers}


def cookie(sign_in: SignIn, after: str = "/backoffice/") -> tuple[str, SimpleCookie]:
    answer = sign_in.answer(Request(asked("/-/sign-in/operator", query=f"next={after}")))
    assert answer is not None and answer.status == 303
    headers = dict(answer.headers)
    return headers["Location"], SimpleCookie(headers["Set-Cookie"])


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
    environ = asked(
        "/backoffice/orders/ord_1/approve", "POST", HTTP_COOKIE="boutique_operator=x", HTTP_SEC_FETCH_SITE=site
    )
    assert sign_in.before("backoffice", "/orders/ord_1/approve", environ) is None
    assert "HTTP_AUTHORIZATION" not in environ


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
