"""A laptop's way of signing a person in as operator: a cookie with the token that scripts get, for pages.

In the cloud the Identity-Aware Proxy does this. A cookie counts for pages of services whose row says `signs_in`, and
for no request that another site's page made. Whoever comes without a good one is asked to sign in: cookies know no
ports, so a browser also brings what another estate, or an earlier one, has signed.
"""

from datetime import timedelta
from html import escape
from urllib.parse import quote, urlsplit

from shared.calls.signer import Signer
from shared.errors import BoutiqueError
from shared.http.authentication import Authenticator
from shared.http.models import HTML, PAGE_HEADERS
from shared.http.request import Environ, Request, Response
from shared.manifest import manifest
from shared.settings import Settings
from shared.values.clock import utc_now

SIGN_IN = "/-/sign-in"
_SIGN_IN_AS = f"{SIGN_IN}/operator"
_COOKIE = "boutique_operator"
_HOME = "/backoffice/"
_LASTS = timedelta(minutes=55)
"""Shorter than the token's hour, so that a browser never sends one that has expired."""
_OWN = ("same-origin", "none")
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sign in</title><link rel="icon" href="data:,"><style>:root{{color-scheme:light dark}}
body{{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}}
a{{display:inline-block;padding:.6rem 1.2rem;border-radius:.3rem;background:#0b57d0;color:#fff;font-weight:600;
text-decoration:none}}a:focus-visible{{outline:3px solid;outline-offset:2px}}</style>
<main><h1>Sign in</h1><p>These pages are for people on duty. This estate runs on your own machine and knows one: the
operator. In the cloud the Identity-Aware Proxy asks who you are.</p>
<p><a href="{href}">Sign in as operator</a></p></main></html>"""


class SignIn:
    """Signs in, and turns the cookie into the token that services check."""

    def __init__(self, signer: Signer, settings: Settings) -> None:
        self._signer, self._audience = signer, settings.estate
        self._authenticate = Authenticator("-", settings, utc_now)

    def answer(self, request: Request) -> Response | None:
        """Answer the two addresses of signing in, and a browser at the estate's own address; None for any other."""
        if request.method == "GET" and request.path == "/" and _wants_page(request):
            return Response(303, headers=[("Location", _HOME)])
        if request.path not in (SIGN_IN, _SIGN_IN_AS) or request.method != "GET":
            return None
        after = _own_path(request.query().get("next", _HOME))
        if request.path == SIGN_IN:
            page = _PAGE.format(href=escape(f"{_SIGN_IN_AS}?next={quote(after)}"))
            return Response(200, page.encode(), "text/html; charset=utf-8", list(PAGE_HEADERS))
        token = self._signer.token("operator", self._audience, utc_now())
        cookie = f"{_COOKIE}={token}; Max-Age={int(_LASTS.total_seconds())}; Path=/; HttpOnly; SameSite=Strict"
        return Response(303, headers=[("Location", after), ("Set-Cookie", cookie), ("Cache-Control", "no-store")])

    def before(self, service: str, below: str, environ: Environ) -> Response | None:
        """Give a page's request the token of who is signed in; or return where to go first."""
        request = Request(environ)
        row = manifest().services.get(service)
        if row is None or row.signs_in is None or request.header("authorization"):
            return None
        if _wants_page(request) and environ["PATH_INFO"] == f"/{service}":
            return Response(303, headers=[("Location", f"/{service}/")])  # so that relative links are right
        bearer = f"Bearer {_cookie(request.header('cookie') or '')}"
        if _is_own(request) and self._is_good(bearer, row.signs_in):
            environ["HTTP_AUTHORIZATION"] = bearer
        elif _wants_page(request) and below not in ("/health", "/openapi.json"):
            return Response(303, headers=[("Location", f"{SIGN_IN}?next={quote(_page_of(request))}")])
        return None

    def _is_good(self, bearer: str, role: str) -> bool:
        try:
            return bool(self._authenticate.caller(bearer, (role,)))
        except BoutiqueError:
            return False


def _wants_page(request: Request) -> bool:
    return HTML in (request.header("accept") or "")


def _is_own(request: Request) -> bool:
    """Whether no other site's page made this request, by what browsers say of it."""
    origin = request.header("origin")
    at_home = origin is None or urlsplit(origin).netloc == request.header("host")
    return at_home and (request.header("sec-fetch-site") or "none") in _OWN


def _page_of(request: Request) -> str:
    """Return the page to go back to after signing in: this one, or the one whose form was sent."""
    if request.method != "GET":
        return _own_path(urlsplit(request.header("referer") or "").path)
    query = request.environ.get("QUERY_STRING")
    return request.path + (f"?{query}" if query else "")


def _cookie(header: str) -> str:
    pairs = (each.strip().partition("=") for each in header.split(";"))
    return next((value for name, _, value in pairs if name == _COOKIE), "")


def _own_path(after: str) -> str:
    """Return a path on this estate, whatever was asked: nobody is sent to another site."""
    parts = urlsplit(after)
    is_own = not parts.scheme and not parts.netloc and after.startswith("/") and after[1:2] not in ("/", "\\")
    return after if is_own and after.isprintable() else _HOME
