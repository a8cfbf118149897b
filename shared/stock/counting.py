"""Counting: what people found on the shelves of a location against the books; the differences are one adjustment."""

from datetime import datetime

from pydantic import Field

from shared.errors import Invalid
from shared.http.models import Answer, Command
from shared.stock.adjusting import change, publish
from shared.stock.commands import Location, Person
from shared.stock.goods import Goods
from shared.stock.ledger import Ledger, R
from shared.storage import Transaction
from shared.storage.database import WRITES_PER_COMMIT
from shared.values.identifiers import Sku
from shared.values.money import Money

REASON = "counted"
_OTHER_WRITES = 8


class CountedLine(Command):
    """So many sellable pieces of a SKU were found, those held for orders among them."""

    sku: Sku
    counted: int = Field(ge=0, le=1_000_000)


class CountStock(Command):
    """What was counted at a location; each SKU once."""

    location: Location
    by: Person
    lines: list[CountedLine] = Field(min_length=1, max_length=100)


class CountedDifference(Answer):
    """A SKU's count beside the books: `delta` = `counted` - `expected`, worth `value` at cost."""

    sku: Sku
    expected: int
    counted: int
    delta: int
    value: Money


class StockCount(Answer):
    """One count; `adjustment_id` is null if all was as expected."""

    count_id: str
    location: str
    adjustment_id: str | None
    lines: list[CountedDifference]


def count(tx: Transaction, ledger: Ledger[R], count_id: str, command: CountStock, now: datetime) -> StockCount:
    """Set the books of a location right by a count, all lines or none; Invalid by field.

    A line is refused that counted fewer pieces than are held for orders there.
    """
    _check(ledger, command)
    heaps = [Goods(tx, ledger, line.sku) for line in command.lines]
    if sum(len(goods.shards) + 1 for goods in heaps) > WRITES_PER_COMMIT - _OTHER_WRITES:
        raise Invalid(("lines", "expected fewer SKUs at once: their stock is split over too many shards"))
    _check_held(command, heaps)
    adjusted, lines = [], []
    for line, goods in zip(command.lines, heaps, strict=True):
        expected = goods.on_hand(command.location)
        delta, value = line.counted - expected, goods.worth(0)
        if delta:
            change_line = change(tx, goods, count_id, (command.location, "sellable"), delta, now)
            adjusted.append(change_line)
            value = change_line.value
        lines.append(CountedDifference(sku=line.sku, expected=expected, counted=line.counted, delta=delta, value=value))
    if adjusted:
        publish(tx, ledger, f"adj_{count_id}", command.by, REASON, adjusted, now)
    adjustment_id = f"adj_{count_id}" if adjusted else None
    return StockCount(count_id=count_id, location=command.location, adjustment_id=adjustment_id, lines=lines)


def _check(ledger: Ledger[R], command: CountStock) -> None:
    errors = [
        (f"lines.{n}.sku", message)
        for n, line in enumerate(command.lines)
        for field, message in ledger.complaints(sku=line.sku)
    ]
    seen: set[str] = set()
    for n, line in enumerate(command.lines):
        if line.sku in seen:
            errors.append((f"lines.{n}.sku", f"expected {line.sku} once: add up what was counted in several bins"))
        seen.add(line.sku)
    if command.location not in ledger.locations:
        errors.append(("location", f"expected one of {', '.join(ledger.locations)}"))
    if errors:
        raise Invalid(*errors)


def _check_held(command: CountStock, heaps: list[Goods]) -> None:
    errors = []
    for n, (line, goods) in enumerate(zip(command.lines, heaps, strict=True)):
        held = goods.on_hand(command.location) - goods.free(command.location)
        if line.counted < held:
            why = f"so many {line.sku} are held for orders at {command.location}; pick short what is not there first"
            errors.append((f"lines.{n}.counted", f"expected at least {held}: {why}"))
    if errors:
        raise Invalid(*errors)
