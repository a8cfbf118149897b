"""How each of the ten faults shows itself in what the old services answer and in how they are called. Pure rules.

The old data warehouse is at none of the seven addresses: that it receives an order several times (3) follows from the
order being told to several services that each pass it on.
"""

import base64
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from functions.legacy_checkout.difference import Found
from functions.legacy_checkout.gathered import GatheredOrder, Teller, is_overdue

CUTS = (10, 20, 50)
OK = 400
HEARD = "calls and message"
"""Where a fault shows itself that no single answer shows."""


class Told(NamedTuple):
    """One call in shadow mode: what was sent, both answers, and what is known beside them.

    `before` is the old count of the SKU when it was last seen; `kept` is how many rows there should be by now.
    """

    where: str
    sent: dict[str, Any]
    old_status: int
    old: Any
    own_status: int
    own: Any
    before: int | None = None
    kept: int = 0


def differences(told: Told) -> list[Found]:
    """Return what a call shows, each with an example."""
    rule = _RULES.get(told.where)
    found = [*(rule(told) if rule else ()), *_cut(told)]
    if not found and (told.old_status < OK) != (told.own_status < OK):
        found = [Found(0, told.where, {"old": told.old_status, "ours": told.own_status})]
    return found


def told_again(order: GatheredOrder, teller: Teller) -> list[Found]:
    """Return what it shows that this teller told of an order, after others had: each fault once an order."""
    if order.told_by[teller] > 1 or teller == "crm":
        return []
    ways = [each for each in ("accounting", "warehouse", "event") if each in order.told_by]
    found = []
    if len(ways) == 2:
        found.append(Found(3, HEARD, {"order_id": order.order_id, "told_by": ", ".join(ways)}))
    direct = [each for each in ways if each != "event"]
    if "event" in ways and direct and (teller == "event" or len(direct) == 1):
        found.append(Found(2, HEARD, {"order_id": order.order_id, "told_by": ", ".join(ways)}))
    return found


def left_hanging(order: GatheredOrder, now: datetime) -> list[Found]:
    """Return what an order shows whose calls are over: charged, and shipping or message never came."""
    if not is_overdue(order.model_copy(update={"state": "gathering"}), now):
        return []
    silent = [each for each in order.silent if each in ("warehouse", "event")]
    return [Found(8, HEARD, {"order_id": order.order_id, "silent": ", ".join(silent)})] if silent else []


def _counted(told: Told) -> Iterator[Found]:
    count = told.old.get("count") if isinstance(told.old, dict) else None
    if isinstance(count, int) and told.before is not None and count > told.before:
        yield Found(1, told.where, {"code": told.sent.get("code"), "before": told.before, "after": count})


def _transaction(told: Told) -> Iterator[Found]:
    price = told.old.get("price") if isinstance(told.old, dict) else None
    own = told.own.get("price") if isinstance(told.own, dict) else None
    if price is not None and own is not None and Decimal(str(price)) != Decimal(str(own)):
        yield Found(5, told.where, {"order_id": told.sent.get("orderId"), "old": str(price), "ours": str(own)})


def _transactions(told: Told) -> Iterator[Found]:
    rows = told.old.get("transactions", []) if isinstance(told.old, dict) else []
    yield from _twice(told.where, rows)
    summary = told.old.get("summary", {}) if isinstance(told.old, dict) else {}
    currencies = sorted({str(row.get("currency")) for row in rows})
    if len(currencies) > 1 and "totalAmount" in summary:
        yield Found(5, told.where, {"old": str(summary["totalAmount"]), "currencies": ", ".join(currencies)})


def _twice(where: str, rows: list[dict[str, Any]]) -> Iterator[Found]:
    times = Counter(row.get("orderId") for row in rows if row.get("orderId"))
    for order_id, count in times.items():
        if count > 1:
            yield Found(2, where, {"order_id": order_id, "rows": count})


def _rows(told: Told) -> Iterator[Found]:
    rows = told.old if isinstance(told.old, list) else []
    nulls = [row for row in rows if row.get("item", "") is None or row.get("cost", "") is None]
    if nulls:
        yield Found(6, told.where, {"rows_of_nulls": len(nulls), "order_id": nulls[0].get("orderId")})
    yield from _twice(told.where, [row for row in rows if row not in nulls])


def _pushed(told: Told) -> Iterator[Found]:
    if told.old_status < OK <= told.own_status:
        yield Found(4, told.where, {"old": told.old_status, "ours": told.own_status})
        if "order" in _pushed_message(told.sent):
            yield Found(6, told.where, {"shape": "nested order"})


def _pushed_message(sent: dict[str, Any]) -> dict[str, Any]:
    """Return what a push body carries; nothing for what is no JSON object."""
    try:
        carried = json.loads(base64.b64decode(sent["message"]["data"]))
    except (KeyError, TypeError, ValueError):
        return {}
    return carried if isinstance(carried, dict) else {}


def _metric(told: Told) -> Iterator[Found]:
    if told.old_status < OK:
        yield Found(9, told.where, {"answered": told.old_status, "token": None})
    risk = told.old.get("riskScore") if isinstance(told.old, dict) else None
    if risk:
        yield Found(7, told.where, {"durationMs": told.sent.get("durationMs"), "riskScore": str(risk)})


def _promised(told: Told) -> Iterator[Found]:
    if told.old_status in (404, 405) and told.own_status < OK:
        yield Found(7, told.where, {"old": told.old_status, "ours": told.own_status})


def _cut(told: Told) -> Iterator[Found]:
    listed = told.old
    if isinstance(listed, dict):
        listed = listed.get("transactions", listed.get("data"))
    if isinstance(listed, list) and len(listed) in CUTS and told.kept > len(listed):
        yield Found(10, told.where, {"rows": len(listed), "should_be": told.kept})


_RULES = {
    "inventory POST /inventory": _counted,
    "inventory GET /inventory/{product_id}": _promised,
    "accounting POST /transactions": _transaction,
    "accounting GET /transactions": _transactions,
    "warehouse GET /warehouse": _rows,
    "order_management POST /": _pushed,
    "azure POST /metrics": _metric,
}
