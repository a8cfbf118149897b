"""Tokens of the function app's managed identity, from the endpoint that Azure gives to every instance.

Forty lines instead of azure-identity and MSAL, which know ten other ways to sign in and take longer to import than all
of fraud. azure-core keeps a token until five minutes before it expires.
"""

from typing import Any

import requests
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from shared.settings import Settings

_PATIENCE_S = 3.0


class ManagedIdentity:
    """A credential as azure-core takes it."""

    def __init__(self, settings: Settings) -> None:
        self._endpoint, self._client = settings.identity_endpoint, settings.identity_client
        self._headers = {"X-IDENTITY-HEADER": settings.identity_header}

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """Return a token for the one resource that the scopes name; ClientAuthenticationError if none is to be had."""
        asked = {"api-version": "2019-08-01", "resource": scopes[0].removesuffix("/.default")}
        if self._client:
            asked["client_id"] = self._client
        try:
            answer = requests.get(self._endpoint, params=asked, headers=self._headers, timeout=_PATIENCE_S)
            answer.raise_for_status()
            found = answer.json()
            return AccessToken(str(found["access_token"]), int(found["expires_on"]))
        except (requests.RequestException, KeyError, TypeError, ValueError) as error:
            raise ClientAuthenticationError(message="no token of the managed identity") from error
