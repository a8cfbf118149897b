"""Adjusting: what is on hand is set right, with a reason; the books change by what the pieces had cost."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from shared.errors import Invalid
from shared.events.inventory import AdjustedLine
from shared.http.models import Answer, Command
from shared.stock.commands import Location, Person, Reason, StateAtRest
from shared.stock.goods import Goods
from shared.stock.ledger import Ledger, R
from shared.stock.movements import record
from shared.storage import Transaction
from shared.values.identifiers import Sku
from shared.values.money import Money


class AdjustStock(Command):
    """Pieces that appeared (`delta` above zero) or vanished at a location."""

    sku: Sku
    location: Location
    state: StateAtRest = "sellable"
    delta: int = Field(ge=-1_000_000, le=1_000_000)
    reason: Reason
    by: Person


class Adjustment(Answer):
    """One adjustment: `value` is by how much the books changed, `on_hand` what lies there now in that state."""

    adjustment_id: str
    sku: Sku
    location: str
    state: StateAtRest
    delta: int
    value: Money
    on_hand: int


def adjust(tx: Transaction, ledger: Ledger[R], adjustment_id: str, command: AdjustStock, now: datetime) -> Adjustment:
    """Add pieces at average cost, or take free ones out, and publish it; Invalid by field."""
    errors = ledger.complaints(sku=command.sku, location=command.location)
    if command.delta == 0:
        errors.append(("delta", "expected more or less than zero"))
    if errors:
        raise Invalid(*errors)
    goods = Goods(tx, ledger, command.sku)
    free = goods.free(command.location, command.state)
    if -command.delta > free:
        raise Invalid(("delta", f"expected at least {-free}: {_free(goods, command.location, command.state)}"))
    line = change(tx, goods, adjustment_id, (command.location, command.state), command.delta, now)
    publish(tx, ledger, adjustment_id, command.by, command.reason, [line], now)
    return Adjustment(
        adjustment_id=adjustment_id,
        sku=command.sku,
        location=command.location,
        state=command.state,
        delta=command.delta,
        value=line.value,
        on_hand=goods.on_hand(command.location, command.state),
    )


def _free(goods: Goods, location: str, state: StateAtRest) -> str:
    free, on_hand = goods.free(location, state), goods.on_hand(location, state)
    held = f", {on_hand - free} more are held for orders" if on_hand > free else ""
    return f"{free} {state} pieces of {goods.sku} are free at {location}{held}"


def change(
    tx: Transaction, goods: Goods, cause: str, where: tuple[str, StateAtRest], delta: int, now: datetime
) -> AdjustedLine:
    """Let pieces appear or vanish at (location, state), and record it; the line to publish."""
    location, state = where
    if delta > 0:
        value = goods.worth(delta)
        goods.put(location, state, delta, value)
    else:
        value = -goods.take(location, state, -delta)
    record(tx, "adjustment", cause, (goods.sku, location, state), delta, value, now)
    return AdjustedLine(sku=goods.sku, location=location, state=state, delta=delta, value=value)


def publish(
    tx: Transaction,
    ledger: Ledger[R],
    adjustment_id: str,
    by: str,
    reason: str,
    lines: Sequence[AdjustedLine],
    now: datetime,
) -> None:
    """Publish one adjustment of these lines."""
    tx.emit(ledger.adjusted(adjustment_id=adjustment_id, by=by, reason=reason, lines=tuple(lines)), now)
