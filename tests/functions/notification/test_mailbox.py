"""The embedded mailbox keeps one e-mail per Message-ID, and no e-mail leaves inside a transaction."""

from email import message_from_string
from email.message import EmailMessage
from email.policy import default

import pytest

from functions.notification.mailbox import Mail, Mailbox
from functions.notification.mailer import Mailer
from shared.settings import Settings
from shared.storage import Database
from shared.storage.connect import close_all
from shared.storage.guard import TransactionOpen


def mail(subject: str = "Hello") -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = "<evt_1.email@online-boutique.example>"
    message["To"] = "ada@example.com"
    message["Subject"] = subject
    message.set_content("Grüße\n")
    return message


def test_an_email_is_kept_whole_under_its_message_id(mailbox: Mailbox, mails: Database) -> None:
    mailbox.send(mail())

    kept = mails.get(Mail, "evt_1.email@online-boutique.example")
    assert kept is not None
    assert (kept.to, kept.subject, kept.handed_over) == ("ada@example.com", "Hello", 1)
    assert message_from_string(kept.source, policy=default).get_content() == "Grüße\n"


def test_handing_over_twice_keeps_one_and_the_first(mailbox: Mailbox, mails: Database) -> None:
    mailbox.send(mail())
    mailbox.send(mail("Hello again"))

    (kept,) = mails.query(Mail).items
    assert (kept.subject, kept.handed_over) == ("Hello", 2)


def test_no_email_leaves_inside_a_transaction(db: Database, mailbox: Mailbox, mails: Database) -> None:
    with pytest.raises(TransactionOpen):
        db.transact(lambda _: mailbox.send(mail()))

    assert mails.query(Mail).items == []


def test_a_laptop_is_connected_to_its_mailbox(tmp_path: pytest.TempPathFactory) -> None:
    settings = Settings(data=tmp_path)  # type: ignore[arg-type]
    Mailer.connect(settings).send(mail())
    close_all()

    assert (settings.data / "mailbox.db").is_file()
