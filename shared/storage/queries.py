"""What every adapter does alike with a query: find the declared index that covers it, write and read cursors."""

import base64
import binascii
import json
from collections.abc import Collection
from dataclasses import dataclass

from shared.errors import Invalid
from shared.storage.database import UndeclaredIndex
from shared.storage.documents import Document, Index

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
                case [str() | int() as value, str(key)] if ordered:
                    return cls(value, key)
                case [None, str(key)] if not ordered:
                    return cls(None, key)
        except (binascii.Error, ValueError):
            pass
        raise malformed_cursor()


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
