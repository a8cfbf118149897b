"""Identifiers: prefixed and sortable by time (`ord_01JD…`), as INTERFACES promises."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

OrderId = Annotated[str, StringConstraints(pattern=r"^ord_[0-9A-Za-z-]{1,60}$")]
"""`ord_` and a ULID, or `ord_` and the id that a foreign checkout gave its order."""
ShipmentId = Annotated[str, StringConstraints(pattern=r"^shp_[0-9A-Za-z-]{1,64}$")]
CustomerId = Annotated[str, StringConstraints(pattern=r"^cus_[0-9A-Za-z-]{1,60}$")]
Sku = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,31}$")]
"""A stock-keeping unit: 2 to 32 capital letters, digits and hyphens."""


def new_id(prefix: str, now: datetime) -> str:
    """Return a new id such as `ord_01JD0V…`: the prefix, 48 bits of time, 80 random bits."""
    from ulid import ULID  # noqa: PLC0415  (1 ms that a process which names nothing doesn't pay)

    return f"{prefix}_{ULID.from_datetime(now)}"
