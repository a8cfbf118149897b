"""Moving: pieces change their state at a location, and keep their cost; the books as a whole stay as they are."""

from datetime import datetime

from shared.errors import Invalid
from shared.events.inventory import StockState
from shared.http.models import Answer, Command
from shared.stock.commands import Location, Person, Pieces, Reason, StateAtRest
from shared.stock.goods import Goods
from shared.stock.ledger import Ledger, R
from shared.stock.movements import record
from shared.storage import Transaction
from shared.values.identifiers import Sku
from shared.values.money import Money

Where = tuple[str, StockState]
"""Location and state."""


class MoveStock(Command):
    """Pieces at a location that are to be for sale, in quarantine or damaged from now on."""

    sku: Sku
    location: Location
    from_state: StateAtRest
    to_state: StateAtRest
    quantity: Pieces
    reason: Reason
    by: Person


class StockMove(Answer):
    """One change of state; `value` is what the pieces had cost."""

    movement_id: str
    sku: Sku
    location: str
    from_state: StateAtRest
    to_state: StateAtRest
    quantity: int
    value: Money


def move(tx: Transaction, ledger: Ledger[R], movement_id: str, command: MoveStock, now: datetime) -> StockMove:
    """Change the state of free pieces and publish it; Invalid by field."""
    errors = ledger.complaints(sku=command.sku, location=command.location)
    if command.from_state == command.to_state:
        errors.append(("to_state", f"expected another state than {command.from_state}"))
    if errors:
        raise Invalid(*errors)
    goods = Goods(tx, ledger, command.sku)
    require_free(goods, (command.location, command.from_state), command.quantity)
    origin, target = (command.location, command.from_state), (command.location, command.to_state)
    value = carry(tx, ledger, goods, movement_id, origin, target, command.quantity, command.reason, now)
    return StockMove(
        movement_id=movement_id,
        sku=command.sku,
        location=command.location,
        from_state=command.from_state,
        to_state=command.to_state,
        quantity=command.quantity,
        value=value,
    )


def require_free(goods: Goods, where: Where, quantity: int) -> None:
    """Refuse to take more than nobody holds; Invalid says how many there are."""
    location, state = where
    free = goods.free(location, state)
    if quantity > free:
        raise Invalid(("quantity", f"expected at most {free}: so many {state} {goods.sku} are free at {location}"))


def carry(
    tx: Transaction,
    ledger: Ledger[R],
    goods: Goods,
    movement_id: str,
    origin: Where,
    target: Where,
    quantity: int,
    reason: str,
    now: datetime,
) -> Money:
    """Take free pieces from one place and state to another, record both sides and publish it; returns their cost."""
    value = goods.take(*origin, quantity)
    goods.put(*target, quantity, value)
    record(tx, "move", movement_id, (goods.sku, *origin), -quantity, -value, now)
    record(tx, "move", movement_id, (goods.sku, *target), quantity, value, now)
    tx.emit(
        ledger.moved(
            movement_id=movement_id,
            sku=goods.sku,
            quantity=quantity,
            from_location=origin[0],
            from_state=origin[1],
            to_location=target[0],
            to_state=target[1],
            reason=reason,
        ),
        now,
    )
    return value
