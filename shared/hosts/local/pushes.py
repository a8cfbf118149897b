"""What comes from Pub/Sub's emulator: admitted by the key in its push endpoint, counted, and passed on as a push.

The emulator sends no identity token, so the estate gives each subscription an endpoint with an unguessable key and,
where the key is right, goes on with a token of the broker's own identity; without it the request is like any other.
"""

import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import BoundedSemaphore

import orjson

from shared.calls.transport import Reply
from shared.errors import BoutiqueError
from shared.hosts.local.estate import Estate
from shared.hosts.local.precedence import Precedence
from shared.http.problem import problem
from shared.http.push import PushedMessage, read_push
from shared.http.request import Environ, Request, Response, StartResponse
from shared.manifest import Subscription
from shared.messaging.emulated.ledger import Ledger
from shared.messaging.publisher import Message, attribute
from shared.settings import Settings

AT_A_TIME = 4
"""Pushes that one process works on at a time: the emulator sends two of each subscription, and customers wait, too."""
_OK = 300


def push_key(settings: Settings) -> str:
    """Return the key of this estate's push endpoints, made on first use; only the owner of the data can read it."""
    path: Path = settings.data / "identity" / "push.key"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(32), encoding="ascii")
        fresh.replace(path)
    return path.read_text(encoding="ascii")


class Pushes:
    """Takes the emulator's pushes in one process."""

    def __init__(
        self, estate: Estate, ledger: Ledger, precedence: Precedence, publish: Callable[[Sequence[Message]], list[str]]
    ) -> None:
        """`publish` takes what is given up to its dead-letter topic."""
        self._estate, self._ledger, self._precedence, self._publish = estate, ledger, precedence, publish
        self._key = push_key(estate.settings).encode()
        self._places = BoundedSemaphore(AT_A_TIME)

    def admits(self, environ: Environ, below: str) -> bool:
        """Whether this is a push of the emulator's, by its key; a caller with a token of its own goes its own way."""
        if not below.startswith("/events/") or environ["REQUEST_METHOD"] != "POST" or "HTTP_AUTHORIZATION" in environ:
            return False
        name, _, given = environ.get("QUERY_STRING", "").partition("=")
        return name == "key" and hmac.compare_digest(given.encode(), self._key)

    def take(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a push: 204 acknowledges, also what the subscription's filter would have kept back."""
        try:
            body = Request(environ).body()
            message = read_push(body)
            source = self._ledger.subscriptions.get(message.subscription)
            if source is None or not source.wants(message.attributes):  # the emulator ignores filters
                return Response(204, headers=[("X-Effect", "unwanted")]).send(start_response)
            self._precedence.give_way(message.attributes.get("ce-time", ""))
            with self._places:
                reply = self._push_or_give_up(source, body, message)
        except BoutiqueError as error:
            return problem(error).send(start_response)
        return Response(reply.status, reply.body, headers=_effect(reply)).send(start_response)

    def _push_or_give_up(self, source: Subscription, body: bytes, message: PushedMessage) -> Reply:
        """Push; after the last attempt that failed here, put the message among the dead letters and acknowledge it.

        The emulator is not asked to count: it would count also while nobody is there to answer.
        """
        name = _name(message)
        try:
            reply = self.push(source, self._counted(source, body, name), name)
            failure = f"{reply.status} {reply.body.decode(errors='replace')[:500]}" if reply.status >= _OK else ""
        except BoutiqueError as error:
            if not self._is_last(source, name):
                raise
            reply, failure = Reply(503, b""), error.code
        if not failure or not self._is_last(source, name):
            return reply
        why = {"error-code": "max_attempts", "error-detail": attribute(failure), "subscription": source.name}
        letter = Message(source.dead_letter_topic, message.data, {**message.attributes, **why}, message.ordering_key)
        self._publish([letter])
        return Reply(204, b"", headers=(("X-Effect", "dead-lettered"),))

    def _is_last(self, source: Subscription, name: str) -> bool:
        return self._ledger.failures(source.name, name) >= source.retry.max_attempts

    def _counted(self, source: Subscription, body: bytes, message: str) -> bytes:
        """Return a push body with its attempt, as Pub/Sub sends it: the emulator doesn't."""
        attempt = 1 + self._ledger.failures(source.name, message)
        return orjson.dumps(orjson.loads(body) | {"deliveryAttempt": attempt})

    def push(self, source: Subscription, body: bytes, message: str) -> Reply:
        """Push a body to its function and enter in the ledger what came of it; CallFailed if it answers nothing."""
        try:
            reply = self._estate.ask("push", source.service, "POST", source.path, body)
        except BoutiqueError:
            self._ledger.failed(source.name, message)
            raise
        if reply.status < _OK:
            self._ledger.acknowledged(source.name, message, dead=("X-Effect", "dead-lettered") in reply.headers)
        else:
            self._ledger.failed(source.name, message)
        return reply

    def again(self, source: Subscription, body: bytes, message: str) -> bool:
        """Push a dead letter; whether it was acknowledged."""
        try:
            return self.push(source, body, message).status < _OK
        except BoutiqueError:
            return False


def _name(message: PushedMessage) -> str:
    return message.attributes.get("ce-id") or message.message_id


def _effect(reply: Reply) -> list[tuple[str, str]]:
    return [(name, value) for name, value in reply.headers if name == "X-Effect"]
