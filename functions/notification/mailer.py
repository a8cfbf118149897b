"""The Mailer port: hands e-mails to whoever carries them."""

from abc import ABC, abstractmethod
from email.message import EmailMessage

from shared.settings import Settings


class Refused(Exception):
    """A carrier will never take this message (no such address, not a mobile number); `code` is the carrier's own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Mailer(ABC):
    """A carrier of e-mail."""

    @classmethod
    def connect(cls, settings: Settings) -> "Mailer":
        """Return this process's mailer: an SMTP server if one is set, else the embedded mailbox."""
        if settings.smtp:
            from functions.notification.smtp import Smtp  # noqa: PLC0415  (adapters are imported when chosen)

            return Smtp(settings.smtp)
        from functions.notification.mailbox import Mailbox  # noqa: PLC0415
        from shared.storage.connect import connect  # noqa: PLC0415

        return Mailbox(connect("mailbox", settings))

    @abstractmethod
    def send(self, mail: EmailMessage) -> None:
        """Hand over one e-mail; returns when the carrier keeps it safely. Refused, or Unavailable: it may not have it.

        The same Message-ID may be handed over again. Refuses to work inside a transaction.
        """
