"""Every night: what a gateway took and gave back until midnight UTC is paid to the bank, less its fees."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from functions.payment.capture import Capture
from functions.payment.gateway import Gateway
from functions.payment.payout import STAGES, PayoutRun, counted, paid_out
from shared.storage import Database, Page, Transaction
from shared.storage.documents import Document
from shared.values.currency import MINOR_DIGITS

SETTLING = timedelta(hours=1)
"""How long a day rests before it is paid out: no invocation that began in it still writes then (they end in 20 s)."""
PAGES = 100
"""At most so many times 100 movements in a run; the next run goes on where it ended."""


def pay_out(db: Database, gateway: Gateway, now: datetime) -> None:
    """Publish payment.paid_out per currency: captured - refunded - charged back, of all days not paid out yet.

    One per gateway, currency and day; a day that was missed is paid out with the next. A crash repeats nothing.
    """
    rested = now - SETTLING
    midnight = rested.replace(hour=0, minute=0, second=0, microsecond=0)
    left = PAGES
    for currency in _currencies(db):
        run = db.transact(partial(_begin, gateway=gateway.name, currency=currency, midnight=midnight))
        while run.until is not None and left:
            left -= 1
            run = _go_on(db, gateway, run, now)
            if run.until is None and run.since is not None and run.since < midnight:
                run = db.transact(partial(_begin, gateway=gateway.name, currency=currency, midnight=midnight))


def _currencies(db: Database) -> Iterator[str]:
    return (each for each in MINOR_DIGITS if db.query(Capture, currency=each, order_by="captured_at", limit=1).items)


def _begin(tx: Transaction, gateway: str, currency: str, midnight: datetime) -> PayoutRun:
    """Return a currency's run: one that a crash left goes on with its own end."""
    run = tx.get(PayoutRun, currency) or PayoutRun(currency=currency, gateway=gateway)
    if run.until is None and (run.since is None or run.since < midnight):
        run = run.begun(gateway, midnight)
        tx.put(run)
    return run


def _go_on(db: Database, gateway: Gateway, run: PayoutRun, now: datetime) -> PayoutRun:
    """Add one page of movements to a run, or make its payout after the last; both only if nobody else did."""
    page: Page[Document] = Page([])
    if run.stage < len(STAGES) and run.until is not None:
        kind, at = STAGES[run.stage]
        before = run.until - timedelta(microseconds=1)
        page = db.query(kind, currency=run.currency, order_by=at, since=run.since, until=before, cursor=run.cursor)

    def work(tx: Transaction) -> PayoutRun:
        current = tx.get(PayoutRun, run.currency)
        if current != run:
            return current or run
        after = _added(run, page, gateway) if run.stage < len(STAGES) else _paid(tx, run, now)
        tx.put(after)
        return after

    return db.transact(work)


def _added(run: PayoutRun, page: Page[Document], gateway: Gateway) -> PayoutRun:
    sums = [counted(movement, gateway.fees) for movement in page.items]
    return run.model_copy(
        update={
            "stage": run.stage if page.next_cursor else run.stage + 1,
            "cursor": page.next_cursor,
            "movements": run.movements + len(sums),
            "gross_minor": run.gross_minor + sum(gross for gross, _ in sums),
            "fees_minor": run.fees_minor + sum(fee for _, fee in sums),
        }
    )


def _paid(tx: Transaction, run: PayoutRun, now: datetime) -> PayoutRun:
    payout = paid_out(run, now)
    if payout is not None:
        tx.create(payout)
        tx.emit(payout.event(), now)
    return run.ended()
