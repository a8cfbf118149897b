"""OAuth 2.0 access tokens for Google's own APIs, from the metadata server: what a service's account may do there."""

import json
import urllib.request
from threading import Lock

from shared.errors import CallFailed
from shared.settings import Settings
from shared.values.clock import Clock

_RENEW_BEFORE_S = 225.0
"""The metadata server gives a new token in the last four minutes or so of the old one, and the same until then."""
_PATIENCE_S = 5.0


class AccessTokens:
    """This process's access token, fetched for the first call and renewed before it expires."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        account = settings.account
        self._url = f"{settings.metadata}/computeMetadata/v1/instance/service-accounts/{account}/token"
        self._clock, self._lock = clock, Lock()
        self._token, self._expires = "", 0.0

    def token(self) -> str:
        """Return a token; CallFailed if none is to be had."""
        if self._is_good():
            return self._token
        with self._lock:
            if not self._is_good():  # nobody else fetched one while this waited
                self._fetch()
            return self._token

    def _is_good(self) -> bool:
        return self._expires - _RENEW_BEFORE_S > self._clock().timestamp()

    def _fetch(self) -> None:
        request = urllib.request.Request(self._url, headers={"Metadata-Flavor": "Google"})  # noqa: S310  (a setting)
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
                found = json.loads(answer.read())
            self._token, expires_in = str(found["access_token"]), float(found["expires_in"])
        except (OSError, ValueError, KeyError) as error:
            raise CallFailed("no access token from the metadata server") from error
        self._expires = self._clock().timestamp() + expires_in
