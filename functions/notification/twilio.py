"""The Texter over Twilio's Messages API (https://www.twilio.com/docs/messaging/api/message-resource, read 2026-11).

That API takes no idempotency key. A message that may have been sent before is looked for among the last ones to the
same number; so a crash doubles it only if Twilio doesn't list it yet.
"""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from functions.notification.mailer import Refused
from functions.notification.texter import Texter
from shared.errors import Unavailable
from shared.storage.guard import leaving

API = "https://api.twilio.com/2010-04-01/Accounts"
PATIENCE_S = 10.0
LOOKED_AT = 20
_TOO_MANY = 429


class Twilio(Texter):
    """Sends SMS from one number or messaging service (`MG…`) of an account."""

    def __init__(self, account: str, token: str, sender: str) -> None:
        self._messages = f"{API}/{account}/Messages.json"
        self._auth = (account, token)
        self._sender = {"MessagingServiceSid" if sender.startswith("MG") else "From": sender}

    def text(self, message_id: str, to: str, text: str, *, again_since: datetime | None) -> str:
        """Send, unless it may have been sent and is found; see the port."""
        leaving("a text message")
        if again_since is not None and (found := self._sent(to, text, again_since)):
            return found
        return str(self._ask("POST", data={**self._sender, "To": to, "Body": text})["sid"])

    def _sent(self, to: str, text: str, since: datetime) -> str | None:
        page = self._ask("GET", params={"To": to, "PageSize": str(LOOKED_AT)})
        for each in page["messages"]:
            if each["body"] == text and parsedate_to_datetime(each["date_created"]) >= since.replace(microsecond=0):
                return str(each["sid"])
        return None

    def _ask(self, method: str, **content: dict[str, str]) -> dict[str, Any]:
        try:
            answer = requests.request(method, self._messages, auth=self._auth, timeout=PATIENCE_S, **content)  # type: ignore[arg-type]
        except requests.RequestException as error:
            raise Unavailable(f"Twilio gave no answer: {type(error).__name__}") from None
        if answer.status_code == _TOO_MANY or answer.status_code >= 500:
            raise Unavailable(f"Twilio answered {answer.status_code}")
        told: dict[str, Any] = answer.json()
        if not answer.ok:
            raise Refused(str(told.get("code", answer.status_code)))
        return told
