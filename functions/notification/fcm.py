"""The PushService over Firebase Cloud Messaging's HTTP v1 API.

https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send, read 2026-11. The service account's own
access token comes from the metadata server; no key is kept anywhere. The message id is Android's tag and Apple's
collapse id, so a device shows one notification however often it is sent.
"""

from typing import Any

import requests

from functions.notification.mailer import Refused
from functions.notification.push_service import PushService
from shared.errors import Unavailable
from shared.storage.guard import leaving

API = "https://fcm.googleapis.com/v1/projects"
TOKEN_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"  # noqa: S105  (a path, no secret)
SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
PATIENCE_S = 10.0
APPLE_COLLAPSE_ID = 64
"""Bytes that Apple takes of a collapse id."""
_LATER = frozenset({401, 403, 429})


class Fcm(PushService):
    """Sends to the apps of one Firebase project."""

    def __init__(self, project: str, metadata: str) -> None:
        self._send = f"{API}/{project}/messages:send"
        self._token = f"{metadata}{TOKEN_PATH}"

    def push(self, message_id: str, device_token: str, title: str, body: str) -> str:
        """Send one notification; see the port."""
        leaving("a push notification")
        message = {
            "token": device_token,
            "notification": {"title": title, "body": body},
            "data": {"message_id": message_id},
            "android": {"notification": {"tag": message_id}},
            "apns": {"headers": {"apns-collapse-id": message_id[:APPLE_COLLAPSE_ID]}},
        }
        try:
            bearer = {"Authorization": f"Bearer {self._access_token()}"}
            answer = requests.post(self._send, json={"message": message}, headers=bearer, timeout=PATIENCE_S)
        except requests.RequestException as error:
            raise Unavailable(f"Firebase gave no answer: {type(error).__name__}") from None
        if answer.status_code in _LATER or answer.status_code >= 500:
            raise Unavailable(f"Firebase answered {answer.status_code}")
        told: dict[str, Any] = answer.json()
        if not answer.ok:
            raise Refused(_error_code(told))
        return str(told["name"])

    def _access_token(self) -> str:
        answer = requests.get(
            self._token, params={"scopes": SCOPE}, headers={"Metadata-Flavor": "Google"}, timeout=PATIENCE_S
        )
        answer.raise_for_status()
        return str(answer.json()["access_token"])


def _error_code(told: dict[str, Any]) -> str:
    """Return FCM's own code (UNREGISTERED: the app is gone), else the general status."""
    error = told.get("error", {})
    for detail in error.get("details", ()):
        if "errorCode" in detail:
            return str(detail["errorCode"])
    return str(error.get("status", "refused"))
