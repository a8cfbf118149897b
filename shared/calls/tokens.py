"""Identity tokens for calls: from the metadata server, as on Cloud Run, or signed here by the estate that plays it."""

import json
import urllib.request
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from urllib.parse import urlencode

from shared.calls.signer import Signer, signer_of
from shared.errors import CallFailed
from shared.settings import Settings
from shared.values.clock import Clock

_RENEW_BEFORE_S = 300.0
_PATIENCE_S = 5.0


class Tokens:
    """One token per audience, renewed five minutes before it expires."""

    def __init__(self, fetch: Callable[[str], str], clock: Clock) -> None:
        self._fetch, self._clock, self._lock = fetch, clock, Lock()
        self._known: dict[str, tuple[str, float]] = {}

    def token(self, audience: str) -> str:
        """Return a token for the service at this base URL; CallFailed if none is to be had."""
        known = self._known.get(audience)
        if known is not None and known[1] - _RENEW_BEFORE_S > self._clock().timestamp():
            return known[0]
        with self._lock:
            if self._known.get(audience) is known:  # nobody else fetched one while this waited
                token = self._fetch(audience)
                self._known[audience] = token, _expiry(token)
            return self._known[audience][0]


def connect_tokens(caller: str, settings: Settings, clock: Clock) -> Tokens:
    """Return a caller's tokens.

    Signed here where this process holds the estate's key, else from the metadata server.
    """
    signer = _signer(settings)
    if signer is not None:
        return Tokens(lambda audience: signer.token(caller, audience, clock()), clock)
    return Tokens(lambda audience: from_metadata(settings, audience), clock)


@lru_cache(maxsize=4)
def _signer(settings: Settings) -> Signer | None:
    return signer_of(settings)


def from_metadata(settings: Settings, audience: str) -> str:
    """Return a new identity token of this process's Google account; CallFailed if none is to be had."""
    query = urlencode({"audience": audience, "format": "full"})
    url = f"{settings.metadata}/computeMetadata/v1/instance/service-accounts/{settings.account}/identity?{query}"
    request = urllib.request.Request(url, headers={"Metadata-Flavor": "Google"})  # noqa: S310  (the URL is a setting)
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
            return str(answer.read().decode())
    except OSError as error:
        raise CallFailed("no identity token from the metadata server") from error


def _expiry(token: str) -> float:
    import base64  # noqa: PLC0415

    claims = token.split(".")[1]
    return float(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"])
