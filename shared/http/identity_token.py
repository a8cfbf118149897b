"""Identity tokens: JSON web tokens (RFC 7519) that a key of the issuer's JWK set (RFC 7517) signed: RS256, or ES256.

PyJWT reads tokens and keys and judges signature, issuer and audience. What it can't do is done here: keys may lie in a
file, and time is the process's clock. Imported with the first token.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.request import urlopen

import jwt

from shared.errors import Unauthenticated, Unavailable
from shared.values.clock import Clock

KEYS_LAST = timedelta(minutes=5)
"""So long a key is trusted before the issuer is asked again: it may have withdrawn it."""
ASK_AGAIN_AFTER = timedelta(seconds=30)
"""A key id that nobody knows makes us ask at most so often: anybody can make one up."""
_PATIENCE_S = 5.0
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (jwt.InvalidSignatureError, "its signature is not the issuer's"),
    (jwt.InvalidAlgorithmError, "it is not signed with {signed_with}"),
    (jwt.InvalidAudienceError, "it is for another service"),
    (jwt.InvalidIssuerError, "it is of another issuer"),
)


@dataclass(frozen=True)
class TokenKind:
    """Which tokens count: of this issuer, for one of these audiences, with public keys at a URL or in a file."""

    issuer: str
    audiences: AbstractSet[str]
    keys_at: str
    signed_with: str = "RS256"


class IssuedTokens:
    """Reads the tokens of one issuer for one service."""

    def __init__(self, kind: TokenKind, clock: Clock) -> None:
        self._kind, self._clock, self._lock = kind, clock, Lock()
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._read_at: datetime | None = None

    def claims(self, token: str) -> dict[str, Any]:
        """Return what a good token says; its `exp` is a number, and the caller's to watch.

        Unauthenticated for any other token, Unavailable without keys.
        """
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key(jwt.get_unverified_header(token)["kid"]),
                algorithms=[self._kind.signed_with],
                audience=self._kind.audiences,
                issuer=self._kind.issuer,
                # PyJWT asks the machine for the time: see _in_time
                options={
                    "require": ["aud", "iss", "exp"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
            return self._in_time(claims)
        except (jwt.PyJWTError, ValueError, LookupError, TypeError, RecursionError) as error:
            why = next((told for kind, told in _REASONS if isinstance(error, kind)), "it is malformed, or of no key")
            told = why.format(signed_with=self._kind.signed_with)
            raise Unauthenticated(f"the token doesn't verify: {told}") from error

    def _in_time(self, claims: dict[str, Any]) -> dict[str, Any]:
        """Check what counts time (RFC 7519, 4.1.4 and 4.1.5); ValueError or TypeError for what is no number."""
        now = self._clock().timestamp()
        if float(claims.get("nbf", 0)) > now:
            raise Unauthenticated("the token is not valid yet")
        if float(claims["exp"]) <= now:
            raise Unauthenticated("the token has expired")
        return claims

    def _key(self, key_id: str) -> jwt.PyJWK:
        with self._lock:
            if self._is_due(key_id, self._clock()):
                try:
                    known = jwt.PyJWKSet.from_json(_content(self._kind.keys_at))
                    self._keys = _verifying(known, self._kind.signed_with)
                except (OSError, HTTPException, ValueError, AttributeError, jwt.PyJWTError) as error:
                    raise Unavailable("the issuer's keys are not in reach") from error
                self._read_at = self._clock()
            return self._keys[key_id]

    def _is_due(self, key_id: str, now: datetime) -> bool:
        if self._read_at is None:
            return True
        return now - self._read_at >= (KEYS_LAST if key_id in self._keys else ASK_AGAIN_AFTER)


def _content(source: str) -> str:
    if not source.startswith(("http://", "https://")):
        return Path(source).read_text("utf-8")
    with urlopen(source, timeout=_PATIENCE_S) as answer:  # noqa: S310  (http or https: see above)
        return bytes(answer.read()).decode()


def _verifying(keys: jwt.PyJWKSet, signed_with: str) -> dict[str | None, jwt.PyJWK]:
    return {
        each.key_id: each
        for each in keys
        if each.algorithm_name == signed_with and each.public_key_use in (None, "sig")
    }
