"""Velocity: how many distinct orders, cards and e-mails met at one place lately, read from the history.

A place is an e-mail address, a card, a shipping address or an IP address.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from functions.fraud.history import History, Row
from functions.fraud.rules import Place, VelocityRule

LONGEST = timedelta(hours=24)
ATTEMPTS_KEPT = 2 * LONGEST
NEWEST = 40
"""Rows read of a partition: no rule may ask for more, so that a score costs the same however long the history is."""


def digest(text: str) -> str:
    """Return the name under which something personal is kept: 32 hex digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def attempts(order_id: str, places: Mapping[Place, str | None], now: datetime) -> list[Row]:
    """Return the rows that count an order at each of its places: keyed by order, so that it counts once."""
    values = {"card": places["card"], "email": digest(places["email"] or "")}
    known = {place: written for place, written in places.items() if written}
    return [
        Row(f"attempts.{place}.{digest(written)}", order_id, now, values, expires_at=now + ATTEMPTS_KEPT)
        for place, written in known.items()
    ]


def counts(history: History, own: list[Row], rules: Iterable[VelocityRule], now: datetime) -> dict[str, int]:
    """Count by each rule's code, over the rows of the order's partitions; `own` are its rows, already kept."""
    met = {row.partition.split(".")[1]: history.rows(row.partition, now - LONGEST, NEWEST) for row in own}
    return {rule.code: _count(met[rule.by], rule, now) for rule in rules if rule.by in met}


def _count(rows: list[Row], rule: VelocityRule, now: datetime) -> int:
    since = now - timedelta(minutes=rule.minutes)
    recent = [row for row in rows if row.at >= since]
    if rule.counts == "orders":
        return len(recent)
    return len({row.values.get(rule.counts.removesuffix("s")) for row in recent} - {None})
