"""E-mail over SMTP, against a real SMTP server in this process."""

import socket
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from functions.notification.mailer import Mailer, Refused
from functions.notification.smtp import Smtp
from shared.errors import Unavailable
from shared.settings import Settings
from shared.storage import Database
from shared.storage.guard import TransactionOpen


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """Keeps what it takes; answers RCPT and DATA as it is told."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.rcpt = "250 OK"
        self.data = "250 OK"

    async def handle_RCPT(  # noqa: N802  (aiosmtpd calls it by this name)
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: Any
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.rcpt

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.data.startswith("250"):
            self.mails.append(envelope)
        return self.data


@pytest.fixture
def server() -> Iterator[tuple[Server, str]]:
    handler = Server()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


def mail() -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = "<evt_1.email@online-boutique.example>"
    message["From"] = "Online Boutique <orders@online-boutique.example>"
    message["To"] = "ada@example.com"
    message["Subject"] = "Ihre Bestellung ist bestätigt"
    message.set_content("Grüße\n")
    return message


def test_a_mail_reaches_the_server_whole(server: tuple[Server, str]) -> None:
    kept, url = server

    Smtp(url).send(mail())

    [envelope] = kept.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("orders@online-boutique.example", ["ada@example.com"])
    assert b"Message-ID: <evt_1.email@online-boutique.example>" in (envelope.original_content or b"")


@pytest.mark.parametrize(("rcpt", "data"), [("550 no such user", "250 OK"), ("250 OK", "554 spam")])
def test_a_mail_that_the_server_will_never_take_is_refused(server: tuple[Server, str], rcpt: str, data: str) -> None:
    server[0].rcpt, server[0].data = rcpt, data

    with pytest.raises(Refused) as refused:
        Smtp(server[1]).send(mail())

    assert refused.value.code in ("550", "554")
    assert server[0].mails == []


@pytest.mark.parametrize(("rcpt", "data"), [("450 greylisted", "250 OK"), ("250 OK", "452 full")])
def test_a_mail_that_the_server_may_take_later_is_tried_again(server: tuple[Server, str], rcpt: str, data: str) -> None:
    server[0].rcpt, server[0].data = rcpt, data

    with pytest.raises(Unavailable):
        Smtp(server[1]).send(mail())

    assert server[0].mails == []


def test_a_server_that_is_gone_is_asked_again_later() -> None:
    with pytest.raises(Unavailable):
        Smtp("smtp://127.0.0.1:1").send(mail())


def test_no_password_goes_over_a_line_that_anyone_can_read(server: tuple[Server, str]) -> None:
    with pytest.raises(Unavailable):
        Smtp(server[1].replace("smtp://", "smtp://ada:secret@")).send(mail())

    assert server[0].mails == []


def test_no_mail_leaves_inside_a_transaction(server: tuple[Server, str], db: Database) -> None:
    with pytest.raises(TransactionOpen):
        db.transact(lambda _: Smtp(server[1]).send(mail()))

    assert server[0].mails == []


def test_it_is_chosen_by_its_address() -> None:
    assert isinstance(Mailer.connect(Settings(smtp="smtp://mail.example:25")), Smtp)
    with pytest.raises(ValueError, match="expected smtp://"):
        Mailer.connect(Settings(smtp="mail.example"))


def test_its_address_shows_in_no_print_of_the_settings() -> None:
    assert "secret" not in repr(Settings(smtp="smtp://ada:secret@mail.example"))
