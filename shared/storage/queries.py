"""What every adapter does alike with a query: find the declared index that covers it, write and read cursors."""

import base64
import binascii
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from shared.errors import Invalid
from shared.storage.database import UndeclaredIndex
from shared.storage.documents import Document, Index, Query, is_key
from shared.values.clock import rfc3339

OrderValue = str | int | None


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: the last document's order value (None when ordered by key) and its key."""

    value: OrderValue
    key: str

    def __str__(self) -> str:
        text = json.dumps([self.value, self.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str | None, *, ordered: bool) -> "Cursor | None":
        """Read what a page gave out; Invalid unless it is a cursor of a list with (or without) an order value."""
        if text is None:
            return None
        try:
            match json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)):
                case [str() | int() as value, str(key)] if ordered and is_key(key) and _can_be_stored(value, key):
                    return cls(value, key)
                case [None, str(key)] if not ordered and is_key(key) and _can_be_stored(key):
                    return cls(None, key)
        except (binascii.Error, ValueError):
            pass
        raise malformed_cursor()


def _can_be_stored(*values: str | int) -> bool:
    """Say whether these are text in UTF-8 (ValueError for what is none) and whole numbers of 64 bits."""
    return all(value.encode() is not None if isinstance(value, str) else -(2**63) <= value < 2**63 for value in values)


def malformed_cursor() -> Invalid:
    """Return the one error for whatever is no cursor of this list."""
    return Invalid(("cursor", "expected the next_cursor of an earlier page of this list"))


def covering(kind: type[Document], equals: Collection[str], order_by: str | None) -> Index | None:
    """Return the declared index for these equality fields (in any order) and this order; UndeclaredIndex without one.

    The order of keys needs no index: without fields, or ordered by the key field alone, the answer is None.
    """
    ordered = () if order_by in (None, kind.key_field) else (order_by,)
    if not equals and not ordered:
        return None
    count, wanted = len(equals), set(equals)
    fitting = [index for index in kind.indexes if set(index.fields[:count]) == wanted]
    if ordered:
        fitting = [index for index in fitting if index.fields[count:] == ordered]
    if not fitting:
        raise UndeclaredIndex(f"{kind.__name__} declares no index on {sorted(wanted)} ordered by {order_by}")
    return min(fitting, key=lambda index: len(index.fields))


def summing(kind: type[Document], equals: Collection[str], order_by: str | None, sums: Sequence[str]) -> Index | None:
    """Return the declared index of exactly these conditions that holds these sums too, if there is one."""
    wanted, count = set(equals), len(equals)
    ordered = () if order_by in (None, kind.key_field) else (order_by,)
    for index in kind.indexes:
        exact = set(index.fields[:count]) == wanted and index.fields[count:] == ordered
        if exact and set(sums) <= set(index.sums):
            return index
    return None


def query_of(
    equals: Mapping[str, Any], order_by: str | None, since: Any, until: Any, descending: bool = False
) -> Query:
    """Gather what a reader was asked; ValueError for bounds without an order."""
    if order_by is None and (since is not None or until is not None):
        raise ValueError("since and until bound order_by, which is missing")
    return Query(tuple(equals.items()), order_by, since, until, descending)


def stored(value: Any) -> Any:
    """Return a value as it stands in a body: times by `rfc3339`, enums by value. TypeError for the unindexable."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return rfc3339(value)
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} can't be indexed")


def check_within(query: Query, place: OrderValue) -> None:
    """Refuse a cursor that no page of this query gave out: its bound would replace the query's own."""
    low, high = stored(query.since), stored(query.until)
    try:
        if (low is not None and place < low) or (high is not None and place > high):
            raise malformed_cursor()
    except TypeError:
        raise malformed_cursor() from None


def known_field(kind: type[Document], field: str, error: type[Exception]) -> None:
    """Raise `error` for what is no field of this kind."""
    if field not in kind.model_fields and field not in kind.model_computed_fields and field != kind.key_field:
        raise error(f"{kind.__name__} has no field {field!r}")


def cursor_after(key: str, body: str | bytes, order_by: str | None) -> str:
    """Return the cursor of a page that ends with this document; `order_by` is None in the order of keys."""
    return str(Cursor(None if order_by is None else json.loads(body)[order_by], key))
