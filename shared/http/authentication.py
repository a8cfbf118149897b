"""Who calls: an identity token in `Authorization: Bearer`, checked for signature, issuer, audience and expiry.

It is Google's, of a service account of ours. On Azure it is Entra's (version 2.0), of a client whose id the settings
give to a caller; Easy Auth checks it before us, and what it says in headers is not believed. A verified token is
remembered until it expires, so its signature is checked once per process. Where Cloud Run's IAM has checked it before
us, the signature is gone (`checked_token.py`).
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shared.errors import Forbidden, Unauthenticated
from shared.http.checked_token import checked_claims, was_checked
from shared.http.models import Caller
from shared.settings import Settings
from shared.values.clock import Clock

if TYPE_CHECKING:
    from shared.http.identity_token import IssuedTokens

_REMEMBERED = 4096


SIGNED_IN = "x-goog-iap-jwt-assertion"
"""The header in which the Identity-Aware Proxy says who is signed in; it lets in whom IAM lets in, and nobody else."""
_PROXY, _PROXYS_KEYS = "https://cloud.google.com/iap", "https://www.gstatic.com/iap/verify/public_key-jwk"


class Authenticator:
    """Turns a bearer token into a caller. Keys are fetched when the first token comes."""

    def __init__(self, service: str, settings: Settings, clock: Clock) -> None:
        self._issuer, self._keys_at, self._clock = settings.issuer, settings.keys, clock
        self._prefix, self._domain = settings.account_prefix, f"@{settings.project}.iam.gserviceaccount.com"
        self._audiences = _spellings(settings.address(service))
        if settings.platform != "cloud":
            self._audiences |= _spellings(settings.estate) | _spellings(f"{settings.estate}/{service}")
        self._account_of = self._google_account
        if settings.entra_audience:
            authority = f"{settings.entra_login}/{settings.entra_tenant}"
            self._issuer, self._keys_at = f"{authority}/v2.0", f"{authority}/discovery/v2.0/keys"
            self._audiences, self._account_of = {settings.entra_audience}, self._entra_account
            self._callers = settings.entra_callers
        self._proxied = settings.iap_audience
        self._checked_before = settings.iam_checks_tokens
        self._verified: dict[str, tuple[str, float]] = {}

    def caller(self, authorization: str | None, allowed: tuple[str, ...], serverless: str | None = None) -> Caller:
        """Return the caller; Unauthenticated without a good token, Forbidden if `allowed` doesn't hold it.

        `serverless` is `X-Serverless-Authorization`: of two headers IAM checks this one, and hands on the other as it
        came, whatever that claims.
        """
        account = self._account(serverless if serverless is not None and self._checked_before else authorization)
        for name in allowed:
            if name.replace("_", "-") == account:
                return Caller(name)
        raise Forbidden(f"{account} may not call this route")

    def person(self, assertion: str, role: str) -> Caller:
        """Return who is signed in, in this role; Unauthenticated for what the proxy didn't sign for this service."""
        return Caller(role, str(self._assertions.claims(assertion).get("email", "")) or None)

    def _account(self, authorization: str | None) -> str:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("send Authorization: Bearer with an identity token for this service")
        known = self._verified.get(token)
        if known is None:
            known = self._verify(token)
            if len(self._verified) >= _REMEMBERED:
                self._verified.clear()
            self._verified[token] = known
        account, expires = known
        if expires <= self._clock().timestamp():
            raise Unauthenticated("the token has expired")
        return account

    def _verify(self, token: str) -> tuple[str, float]:
        if self._checked_before and was_checked(token):
            claims = checked_claims(token, self._issuer, self._audiences)
        else:
            claims = self._tokens.claims(token)
        return self._account_of(claims), float(claims["exp"])

    def _google_account(self, claims: dict[str, Any]) -> str:
        email = str(claims.get("email"))
        ours = email.startswith(self._prefix) and email.endswith(self._domain)
        if not (claims.get("email_verified") and ours):
            raise Unauthenticated("the token is not of a service account of this project")
        return email.removeprefix(self._prefix).removesuffix(self._domain)

    def _entra_account(self, claims: dict[str, Any]) -> str:
        """Return who has the token's object id, or its client id if it speaks for the client itself and no person."""
        ids = [str(claims.get("oid"))]
        if "scp" not in claims:
            ids.append(str(claims.get("azp")))
        name = next((self._callers[each] for each in ids if each in self._callers), None)
        if name is None:
            raise Unauthenticated("the token is of nobody who is known here")
        return name.replace("_", "-")

    @cached_property
    def _tokens(self) -> "IssuedTokens":
        from shared.http.identity_token import IssuedTokens, TokenKind  # noqa: PLC0415  (PyJWT, for the first token)

        return IssuedTokens(TokenKind(self._issuer, self._audiences, self._keys_at), self._clock)

    @cached_property
    def _assertions(self) -> "IssuedTokens":
        from shared.http.identity_token import IssuedTokens, TokenKind  # noqa: PLC0415  (as above)

        if not self._proxied:
            raise Unauthenticated("nobody signs in here by the Identity-Aware Proxy")
        return IssuedTokens(TokenKind(_PROXY, {self._proxied}, _PROXYS_KEYS, "ES256"), self._clock)


def _spellings(url: str) -> set[str]:
    """Return a base URL with and without a trailing slash, and a loopback one under both of its names."""
    parts = urlsplit(url)
    spellings = {url.rstrip("/")}
    if parts.hostname in ("127.0.0.1", "localhost"):
        other = "localhost" if parts.hostname == "127.0.0.1" else "127.0.0.1"
        spellings.add(parts._replace(netloc=parts.netloc.replace(parts.hostname, other)).geturl().rstrip("/"))
    return spellings | {f"{each}/" for each in spellings}
