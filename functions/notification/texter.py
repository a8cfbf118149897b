"""The Texter port: hands text messages to whoever carries them to telephones."""

from abc import ABC, abstractmethod
from datetime import datetime

from shared.settings import Settings


class Texter(ABC):
    """A carrier of SMS."""

    @classmethod
    def connect(cls, settings: Settings) -> "Texter":
        """Return this process's texter: Twilio if an account is set, else the embedded pocket."""
        if settings.twilio_account:
            from functions.notification.twilio import Twilio  # noqa: PLC0415  (adapters are imported when chosen)

            return Twilio(settings.twilio_account, settings.twilio_token, settings.twilio_sender)
        from functions.notification.pocket import Pocket, PocketTexter  # noqa: PLC0415
        from shared.storage.connect import connect  # noqa: PLC0415

        return PocketTexter(Pocket(connect("mailbox", settings)))

    @abstractmethod
    def text(self, message_id: str, to: str, text: str, *, again_since: datetime | None) -> str:
        """Send `text` to a number (E.164: '+31201234567'); returns the carrier's reference. Refused, Unavailable.

        `again_since` says that it may have been sent before, but not before then: a carrier that knows no key looks
        first. Refuses to work inside a transaction.
        """
