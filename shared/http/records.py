"""The records that a request or an event was handled: written in the commit that holds its effect."""

import hashlib
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import BaseModel

from shared.errors import BoutiqueError, IdempotencyKeyReused, InProgress
from shared.http.problem import problem
from shared.http.request import Response
from shared.storage import Document, Transaction
from shared.telemetry.about import SUPPRESSED, note_effect
from shared.values.clock import Timestamp

KEEP_ANSWERS = timedelta(days=7)
KEEP_HANDLED = timedelta(days=30)


class IdempotencyRecord(Document):
    """An answer under a caller's key. Without `status` the work has begun and its outcome is not known yet."""

    collection: ClassVar[str] = "idempotency_records"
    key_field: ClassVar[str] = "token"
    ttl_field: ClassVar[str | None] = "expires_at"

    token: str
    fingerprint: str
    subject: str | None = None
    status: int | None = None
    media_type: str = "application/json"
    body: str = ""
    expires_at: Timestamp

    def answer(self, fingerprint: str) -> Response | None:
        """Return the stored answer, None while there is none; IdempotencyKeyReused for another body."""
        if fingerprint != self.fingerprint:
            raise IdempotencyKeyReused
        if self.status is None:
            return None
        return Response(self.status, self.body.encode(), self.media_type, [("Idempotent-Replay", "true")])


class HandledRecord(Document):
    """An event that a function has applied."""

    collection: ClassVar[str] = "handled_records"
    key_field: ClassVar[str] = "token"
    ttl_field: ClassVar[str | None] = "expires_at"

    token: str
    expires_at: Timestamp


def request_token(caller: str, route: str, key: str) -> str:
    """Return the record's key: an Idempotency-Key counts per caller and route."""
    return hashlib.sha256(f"{caller}\n{route}\n{key}".encode()).hexdigest()


def fingerprint(command: BaseModel | None, path: str) -> str:
    """Return what tells one body from another, however it was spaced."""
    body = command.model_dump_json() if command is not None else ""
    return hashlib.sha256(f"{path}\n{body}".encode()).hexdigest()


class RequestReceipt:
    """The Receipt of an HTTP request with an Idempotency-Key."""

    def __init__(self, token: str, fingerprint: str, status: int, now: datetime, subject: str | None = None) -> None:
        self.token, self.subject, self.recorded = token, subject, False
        self.fingerprint, self._status, self._expires = fingerprint, status, now + KEEP_ANSWERS

    def begin(self, tx: Transaction, subject: str) -> None:
        """Note what this request is about; InProgress if another request of the same key came first."""
        if tx.get(IdempotencyRecord, self.token) is not None:
            raise InProgress("another request with this Idempotency-Key is running")
        self.subject = subject
        tx.put(self._record(subject))

    def record(self, tx: Transaction, answer: BaseModel | BoutiqueError | None = None) -> None:
        """Store the answer or refusal to give again."""
        begun = tx.get(IdempotencyRecord, self.token) or self._record(self.subject)
        store(tx, begun, render(answer, self._status))
        self.recorded = True

    def forget(self, tx: Transaction) -> None:
        """Clear the record, so that the same key starts anew."""
        begun = tx.get(IdempotencyRecord, self.token)
        if begun is not None:
            tx.delete(begun)
        self.recorded = True

    def _record(self, subject: str | None) -> IdempotencyRecord:
        return IdempotencyRecord(
            token=self.token, fingerprint=self.fingerprint, subject=subject, expires_at=self._expires
        )


def receipt_of(token: str, status: int, now: datetime) -> RequestReceipt:
    """Return the receipt of a request that began earlier, for whoever finishes its work."""
    return RequestReceipt(token, "", status, now)


class EventReceipt:
    """The Receipt of an event: its record is that it was handled."""

    def __init__(self, token: str, now: datetime) -> None:
        self.token, self.subject, self.recorded = token, None, False
        self._expires = now + KEEP_HANDLED

    def begin(self, tx: Transaction, subject: str) -> None:
        """Events need no intent record: their functions' own documents are it."""

    def record(self, tx: Transaction, answer: BaseModel | BoutiqueError | None = None) -> None:
        """Write that the event was handled.

        Nobody reads first whether that is written: the commit verifies that it is not, and runs its work again if
        another attempt was first. What that one did, this one did not.
        """
        handled = HandledRecord.model_construct(token=self.token, expires_at=self._expires)
        if not self.recorded:
            tx.create(handled)
        elif tx.get(HandledRecord, self.token) is None:
            tx.put(handled)
        else:
            note_effect(SUPPRESSED)
        self.recorded = True

    def forget(self, tx: Transaction) -> None:
        """Clear the record, so that the event is handled again."""
        tx.delete(HandledRecord(token=self.token, expires_at=self._expires))


def store(tx: Transaction, record: IdempotencyRecord, response: Response) -> None:
    """Put an answer into its record."""
    answered = {"status": response.status, "media_type": response.media_type, "body": response.body.decode()}
    tx.put(record.model_copy(update=answered))


def render(answer: BaseModel | BoutiqueError | None, status: int) -> Response:
    """Write what a function returned, or the refusal it raised."""
    if isinstance(answer, BoutiqueError):
        return problem(answer)
    if answer is None:
        return Response(204)
    return Response(status, answer.model_dump_json().encode())
