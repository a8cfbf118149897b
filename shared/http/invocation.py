"""One invocation, one transaction: how a capability is run, and what is written with its effect."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from shared.errors import BoutiqueError, IdempotencyKeyMissing, Invalid, Refusal
from shared.http.capability import Capability
from shared.http.models import Caller
from shared.http.problem import problem
from shared.http.records import (
    EventReceipt,
    HandledRecord,
    IdempotencyRecord,
    RequestReceipt,
    fingerprint,
    request_token,
    store,
)
from shared.http.request import Response
from shared.manifest import Idempotency
from shared.storage import Database, Transaction
from shared.telemetry.about import forget_effect

log = logging.getLogger(__name__)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class Unacknowledged(RuntimeError):
    """A defect: a function with outside effects returned without writing its record."""


class Provider(Protocol):
    """What the service's host gives functions by the type of their parameters."""

    @property
    def database(self) -> Database:
        """The service's database, opened on first use."""

    def provide(self, what: str) -> Any:
        """Return `call`, `settings` or `instance`."""

    def port(self, kind: type[Any]) -> Any:
        """Return the process's one adapter of a port of the service's own."""


@dataclass
class Invocation:
    """One call of one capability with its validated arguments."""

    capability: Capability
    provider: Provider
    now: datetime
    caller: Caller
    arguments: dict[str, Any] = field(default_factory=dict)

    def injected(self, **given: Any) -> dict[str, Any]:
        """Return what the function's signature asks the host for; `given` holds tx, receipt and envelope."""
        known: dict[str, Callable[[], Any]] = {
            "now": lambda: self.now,
            "caller": lambda: self.caller,
            "db": lambda: self.provider.database,
        }
        plan = self.capability.injected.items()
        found = {
            name: given[what] if what in given else known[what]() if what in known else self.provider.provide(what)
            for name, what in plan
        }
        return found | {name: self.provider.port(kind) for name, kind in self.capability.ports.items()}

    def run(self, *, deferrable: bool = False, **given: Any) -> Any:
        """Call the function, inside a transaction if it takes `tx`; `deferrable` if nobody acts on what it returns."""
        if "tx" not in self.capability.uses:
            return self.capability.function(**self.arguments, **self.injected(**given))

        def work(tx: Transaction) -> Any:
            forget_effect()
            return self.capability.function(**self.arguments, **self.injected(tx=tx, **given))

        return self.provider.database.transact(work, deferrable=deferrable)

    def in_transaction(self, tx: Transaction, **given: Any) -> Any:
        """Call the function inside the host's transaction."""
        return self.capability.function(**self.arguments, **self.injected(tx=tx, **given))


def answer_request(invocation: Invocation, path: str, key: str | None) -> tuple[Any, Response | None]:
    """Run an HTTP capability; returns what it returned, or a stored answer of the same key.

    2xx and refusals are stored in the commit that holds their effect; other errors are not stored.
    """
    row = invocation.capability.row
    if row.idempotency is Idempotency.REQUIRED and not key:
        raise IdempotencyKeyMissing
    if row.idempotency not in (Idempotency.REQUIRED, Idempotency.OPTIONAL) or not key:
        return invocation.run(), None
    if not _KEY.fullmatch(key):
        raise Invalid(("Idempotency-Key", "expected 1 to 200 visible ASCII characters"))
    command = next((value for value in invocation.arguments.values() if hasattr(value, "model_dump_json")), None)
    receipt = RequestReceipt(
        request_token(invocation.caller.name, invocation.capability.name, key),
        fingerprint(command, path),
        row.answers,
        invocation.now,
    )
    if "tx" in invocation.capability.uses:
        return _once_in_transaction(invocation, receipt)
    return _once_by_saga(invocation, receipt)


def _known(source: Database | Transaction, receipt: RequestReceipt) -> Response | None:
    record = source.get(IdempotencyRecord, receipt.token)
    if record is None:
        return None
    receipt.subject = record.subject
    return record.answer(receipt.fingerprint)


def _once_in_transaction(invocation: Invocation, receipt: RequestReceipt) -> tuple[Any, Response | None]:
    def work(tx: Transaction) -> tuple[Any, Response | None]:
        stored = _known(tx, receipt)
        if stored is not None:
            return None, stored
        result = invocation.in_transaction(tx)
        receipt.record(tx, result)
        return result, None

    try:
        return invocation.provider.database.transact(work)
    except Refusal as refusal:
        return None, _refused(invocation, receipt, refusal)


def _once_by_saga(invocation: Invocation, receipt: RequestReceipt) -> tuple[Any, Response | None]:
    stored = _known(invocation.provider.database, receipt)
    if stored is not None:
        return None, stored
    try:
        result = invocation.run(receipt=receipt)
    except Refusal as refusal:
        return None, _refused(invocation, receipt, refusal)
    if not receipt.recorded:
        raise Unacknowledged(f"{invocation.capability.name} returned without recording its answer")
    return result, None


def _refused(invocation: Invocation, receipt: RequestReceipt, refusal: Refusal) -> Response:
    """Store a refusal and return it; if another request of the same key was answered meanwhile, that answer counts."""
    if receipt.recorded:
        return problem(refusal)
    return invocation.provider.database.transact(partial(_store_refusal, receipt=receipt, refusal=refusal))


def _store_refusal(tx: Transaction, receipt: RequestReceipt, refusal: Refusal) -> Response:
    begun = tx.get(IdempotencyRecord, receipt.token)
    if begun is None:
        receipt.record(tx, refusal)
    elif (stored := begun.answer(receipt.fingerprint)) is not None:
        return stored
    else:
        store(tx, begun, problem(refusal))
    return problem(refusal)


def apply_event(invocation: Invocation, event_id: str, given: Mapping[str, Any]) -> bool:
    """Run an event capability once; False if it was handled before. Errors are the caller's to sort."""
    capability, database = invocation.capability, invocation.provider.database
    if capability.row.idempotency is Idempotency.NATURAL:
        invocation.run(deferrable=True, **given)
        return True
    receipt = EventReceipt(f"{capability.name}:{event_id}", invocation.now)
    if "tx" in capability.uses:

        def work(tx: Transaction) -> bool:
            if tx.get(HandledRecord, receipt.token) is not None:
                return False
            forget_effect()
            invocation.in_transaction(tx, **given)
            receipt.record(tx)
            return True

        return database.transact(work, deferrable=True)
    if database.get(HandledRecord, receipt.token) is not None:
        return False
    invocation.run(receipt=receipt, **given)
    if not receipt.recorded:
        raise Unacknowledged(f"{capability.name} returned without recording event {event_id}")
    return True


def reason(error: Exception) -> tuple[str, str]:
    """Return the code and detail under which an event is dead-lettered."""
    if isinstance(error, BoutiqueError):
        return error.code, error.detail
    return "internal", f"{type(error).__name__} in the function; see the log of this trace"
