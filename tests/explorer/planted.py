"""The six mechanisms that keep the promises, each switched off from outside: what the explorer must notice."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import functions.checkout.ending
import functions.checkout.steps
import functions.payment.voiding
import shared.http.events
import shared.http.invocation
import shared.stock.holding
from functions.checkout.order import Order
from functions.payment.authorization import Authorization
from shared.http.records import EventReceipt, HandledRecord, RequestReceipt
from shared.storage import Transaction
from shared.storage.sqlite_outbox import SqliteOutbox

Patch = tuple[Any, str, Callable[..., Any]]


def _begin_again(self: RequestReceipt, tx: Transaction, subject: str) -> None:
    self.subject = subject
    tx.put(self._record(subject))


def _unfenced(tx: Transaction, order: Order) -> Order:
    return tx.get(Order, order.order_id) or order


class _Forgetful:
    """A transaction that keeps no tombstone: what is put while nothing is known is not written."""

    def __init__(self, tx: Transaction) -> None:
        self._tx, self._known = tx, True

    def get(self, kind: Any, key: str) -> Any:
        found = self._tx.get(kind, key)
        self._known = found is not None
        return found

    def put(self, document: Any) -> None:
        if self._known:
            self._tx.put(document)

    create = put

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)


_intended = functions.payment.voiding._intended
_release = shared.stock.holding.release


def _intended_forgetfully(tx: Transaction, *others: Any) -> Authorization:
    return _intended(_Forgetful(tx), *others)  # type: ignore[arg-type]


def _release_forgetfully(tx: Transaction, ledger: Any, order_id: str, *others: Any) -> Any:
    known = tx.get(ledger.reservation, order_id) is not None
    return _release(tx if known else _Forgetful(tx), ledger, order_id, *others)  # type: ignore[arg-type]


def _record_first(invocation: Any, event_id: str, given: Any) -> bool:
    """Write that an event was handled, then handle it: two commits."""
    database = invocation.provider.database
    receipt = EventReceipt(f"{invocation.capability.name}:{event_id}", invocation.now)
    if database.get(HandledRecord, receipt.token) is not None:
        return False
    database.transact(receipt.record)
    takes_receipt = "receipt" in invocation.capability.uses
    invocation.run(**given, **({"receipt": receipt} if takes_receipt else {}))
    return True


MECHANISMS: dict[str, tuple[Patch, ...]] = {
    "dedupe": (
        (shared.http.invocation, "_known", lambda source, receipt: None),
        (RequestReceipt, "begin", _begin_again),
    ),
    "outbox": ((SqliteOutbox, "insert", lambda self, cursor, rows: None),),
    "fencing": ((functions.checkout.ending, "fenced", _unfenced),),
    "tombstone": (
        (functions.payment.voiding, "_intended", _intended_forgetfully),
        (shared.stock.holding, "release", _release_forgetfully),
    ),
    "compensation": ((functions.checkout.steps, "undo", lambda call, order_id, begun, why: None),),
    "handled-record-in-transaction": ((shared.http.events, "apply_event", _record_first),),
}
"""What can be switched off, by name."""


def _handled_again(invocation: Any, event_id: str, given: Any) -> bool:
    """Handle an event as if its record were not there: only natural keys are left."""
    database = invocation.provider.database
    token = f"{invocation.capability.name}:{event_id}"
    if invocation.capability.row.idempotency != "natural":
        database.transact(lambda tx: tx.delete(HandledRecord.model_construct(token=token)))
    return shared.http.invocation.apply_event(invocation, event_id, given)


HANDLED_RECORDS: tuple[Patch, ...] = ((shared.http.events, "apply_event", _handled_again),)
"""The fast path alone: without it nothing may be doubled, for natural keys are the guarantee (promise 3)."""


@contextmanager
def without(*patches: Patch) -> Iterator[None]:
    """Switch something off for a while."""
    with ExitStack() as stack:
        for each in patches:
            stack.enter_context(patch.object(*each))
        yield
