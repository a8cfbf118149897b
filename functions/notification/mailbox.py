"""The embedded mailbox: keeps e-mails in a database of its own, as an outside mail server would."""

from email.message import EmailMessage

from functions.notification.mailer import Mailer
from shared.storage import Database, Document, Transaction
from shared.storage.guard import leaving
from shared.values.personal import PersonalText


class Mail(Document):
    """An e-mail as it was handed over, by its Message-ID: handing over twice keeps one."""

    collection = "mails"
    key_field = "message_id"

    message_id: str
    to: PersonalText
    subject: PersonalText
    source: PersonalText
    """The whole e-mail, as RFC 5322 writes it."""
    handed_over: int = 1
    """How often it was handed over."""


class Mailbox(Mailer):
    """The Mailer over a mailbox."""

    def __init__(self, mails: Database) -> None:
        self._mails = mails

    def send(self, mail: EmailMessage) -> None:
        """Keep the e-mail; see the port."""
        leaving("an e-mail")
        message_id = str(mail["Message-ID"]).strip("<> ")

        def keep(tx: Transaction) -> None:
            known = tx.get(Mail, message_id)
            if known is not None:
                known.handed_over += 1
            tx.put(
                known
                or Mail(
                    message_id=message_id, to=str(mail["To"]), subject=str(mail["Subject"]), source=mail.as_string()
                )
            )

        self._mails.transact(keep)
