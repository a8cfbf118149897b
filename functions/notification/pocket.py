"""The embedded telephone: keeps text messages and push notifications, as the customers' own would."""

from datetime import datetime
from typing import Literal

from functions.notification.push_service import PushService
from functions.notification.texter import Texter
from shared.storage import Database, Document, Transaction
from shared.storage.guard import leaving
from shared.values.personal import PersonalText


class PocketMessage(Document):
    """What arrived, by message and receiver: handing over twice keeps one."""

    collection = "pocket"

    key: str
    kind: Literal["sms", "push"]
    to: PersonalText
    text: PersonalText
    handed_over: int = 1


class Pocket:
    """A database of what telephones got."""

    def __init__(self, messages: Database) -> None:
        self._messages = messages

    def keep(self, kind: Literal["sms", "push"], message_id: str, to: str, text: str) -> str:
        """Keep a message once; returns its key."""
        leaving(f"a message by {kind}")
        key = f"{kind}.{message_id}"

        def write(tx: Transaction) -> None:
            known = tx.get(PocketMessage, key)
            if known is not None:
                known.handed_over += 1
            tx.put(known or PocketMessage(key=key, kind=kind, to=to, text=text))

        self._messages.transact(write)
        return key


class PocketTexter(Texter):
    """The Texter over the pocket."""

    def __init__(self, pocket: Pocket) -> None:
        self._pocket = pocket

    def text(self, message_id: str, to: str, text: str, *, again_since: datetime | None) -> str:
        """Keep the text; see the port."""
        return self._pocket.keep("sms", message_id, to, text)


class PocketPushService(PushService):
    """The PushService over the pocket."""

    def __init__(self, pocket: Pocket) -> None:
        self._pocket = pocket

    def push(self, message_id: str, device_token: str, title: str, body: str) -> str:
        """Keep the notification; see the port."""
        return self._pocket.keep("push", message_id, device_token, f"{title}\n{body}")
