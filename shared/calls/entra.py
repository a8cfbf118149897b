"""Access tokens of Microsoft Entra, for services on Azure: a Google identity exchanged for them, without any secret.

The metadata server's identity token goes to Entra as `client_assertion` (RFC 7523); a federated credential there says
that this Google account is our client. One token per service, good for about an hour. It is fetched in a thread of its
own: a call waits for it no longer than it may wait at all, and what it came too late for serves the next.
"""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from shared.calls.transport import over_socket
from shared.errors import CallFailed
from shared.settings import Settings
from shared.values.clock import Clock

AUDIENCE = "api://AzureADTokenExchange"
"""For whom Google signs the assertion: what Entra's federated credentials expect."""
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_RENEW_BEFORE_S = 300.0
"""From then on a new one is fetched while the old one is still used."""
_MARGIN_S = 30.0
"""A token that ends sooner is not sent: clocks differ."""
_PAUSE_S = 10.0
"""Between attempts while the old token is still good."""
_PATIENCE_S = 5.0


class EntraTokens:
    """This process's token for one service, fetched ahead: when it is made, and again before the token expires."""

    def __init__(self, url: str, client: str, scope: str, assertion: Callable[[], str], clock: Clock) -> None:
        self._url, self._assertion, self._clock = url, assertion, clock
        self._form = {"grant_type": "client_credentials", "client_id": client, "scope": scope}
        self._lock, self._thread = Lock(), ThreadPoolExecutor(1, "entra")
        self._known = ("", 0.0)
        self._not_before = 0.0
        self._fetching: Future[str] | None = None
        self.fetch()

    def token(self, left_s: float) -> str:
        """Return a token within `left_s` seconds; CallFailed if none is to be had by then."""
        (token, expires), now = self._known, self._clock().timestamp()
        if expires - now > (_RENEW_BEFORE_S if now >= self._not_before else _MARGIN_S):
            return token
        fetching = self.fetch()
        if expires - now > _MARGIN_S:
            return token
        try:
            return fetching.result(max(left_s, 0))
        except TooLate as error:
            raise CallFailed("no token from Entra in time") from error

    def fetch(self) -> "Future[str]":
        """Begin to fetch a token, unless that has begun; what comes of it."""
        with self._lock:
            if self._fetching is None or self._fetching.done():
                self._fetching = self._thread.submit(self._exchange)
            return self._fetching

    def _exchange(self) -> str:
        self._not_before = self._clock().timestamp() + _PAUSE_S
        form = {**self._form, "client_assertion_type": _ASSERTION_TYPE, "client_assertion": self._assertion()}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        reply = over_socket(self._url, "POST", {}, urlencode(form).encode(), headers, _PATIENCE_S)
        found = _json(reply.body)
        try:
            token, lasts = str(found["access_token"]), float(found["expires_in"])
        except (KeyError, ValueError, TypeError):
            raise CallFailed(f"Entra gave no token: {reply.status} {_reason(found)}") from None
        self._known = token, self._clock().timestamp() + lasts
        return token


def connect_entra(settings: Settings, assertion: Callable[[str], str], clock: Clock) -> Mapping[str, EntraTokens]:
    """Return the tokens of every service that the settings name a scope for. `assertion` is Google's, by audience."""
    url = f"{settings.entra_login}/{settings.entra_tenant}/oauth2/v2.0/token"
    return {
        service: EntraTokens(url, settings.entra_client, scope, lambda: assertion(AUDIENCE), clock)
        for service, scope in settings.entra_scopes.items()
    }


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _reason(found: dict[str, Any]) -> str:
    """Return the error's codes alone: its description names accounts."""
    codes = found.get("error_codes")
    numbers = [f"AADSTS{code}" for code in codes if isinstance(code, int)] if isinstance(codes, list) else []
    return " ".join([str(found.get("error", "without a reason"))[:60], *numbers])
