"""The Mailer port: hands e-mails to whoever carries them."""

from abc import ABC, abstractmethod
from email.message import EmailMessage

from shared.settings import Settings


class Mailer(ABC):
    """A carrier of e-mail."""

    @classmethod
    def connect(cls, settings: Settings) -> "Mailer":
        """Return this process's mailer: the embedded mailbox."""
        from functions.notification.mailbox import Mailbox  # noqa: PLC0415  (adapters are imported when chosen)
        from shared.storage.connect import connect  # noqa: PLC0415

        return Mailbox(connect("mailbox", settings))

    @abstractmethod
    def send(self, mail: EmailMessage) -> None:
        """Hand over one e-mail; returns when the carrier keeps it safely, Unavailable if it may not have it.

        The same Message-ID may be handed over again. Refuses to work inside a transaction.
        """
