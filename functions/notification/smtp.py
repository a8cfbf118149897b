"""The Mailer over SMTP (RFC 5321): `smtp://[user:password@]host[:port]`, `smtps://` for TLS from the first byte.

`smtp://` switches to TLS where the server offers STARTTLS, and never sends a password without. One connection a mail.
"""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from functions.notification.mailer import Mailer, Refused
from shared.errors import Unavailable
from shared.storage.guard import leaving

PATIENCE_S = 10.0
PERMANENT = 500
"""Replies from here on mean: never (RFC 5321, 4.2.1)."""


class Smtp(Mailer):
    """Hands e-mails to a mail server."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        if self._url.scheme not in ("smtp", "smtps") or not self._url.hostname:
            raise ValueError("expected smtp://[user:password@]host[:port] or smtps://…")

    def send(self, mail: EmailMessage) -> None:
        """Hand over one e-mail; see the port."""
        leaving("an e-mail")
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, _)] = error.recipients.values()
            raise _refusal(code) from None
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(f"the mail server did not take it: {type(error).__name__}") from None

    def _connected(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port or 465, timeout=PATIENCE_S, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port or 587, timeout=PATIENCE_S)
        try:
            self._greet(server)
        except BaseException:
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if self._url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if self._url.username:
            if not isinstance(server.sock, ssl.SSLSocket):
                raise smtplib.SMTPNotSupportedError("no password without TLS")
            server.login(unquote(self._url.username), unquote(self._url.password or ""))


def _refusal(code: int) -> Exception:
    """Return what a reply code means: 5xx never, anything else perhaps later."""
    if code >= PERMANENT:
        return Refused(str(code))
    return Unavailable(f"the mail server answered {code}")
