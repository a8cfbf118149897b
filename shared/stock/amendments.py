"""What happens to a reservation beside its plain life: pieces not found, given up by the order, or come back.

Kept in the reservation's own document, and null in that of a plain order.
"""

from typing import Any

from pydantic import BaseModel


class Short(BaseModel):
    """A pick that fell short: `quantity` pieces were not at `location`; some were found elsewhere (`moved`).

    `dropped` pieces will not be looked for any more. What is neither moved nor dropped is still `missing`.
    """

    short_id: str
    shipment_id: str
    sku: str
    location: str
    quantity: int
    moved: dict[str, int] = {}
    dropped: int = 0

    @property
    def missing(self) -> int:
        """Pieces that the order still waits for."""
        return self.quantity - sum(self.moved.values()) - self.dropped


class Amendments(BaseModel):
    """All amendments of one reservation.

    `reductions` and `returns` name what was applied; `returned` counts pieces by the key of the movement with which
    they left; `early_returns` are events of goods whose dispatch has not been heard of.
    """

    shorts: list[Short] = []
    reductions: list[str] = []
    returns: list[str] = []
    returned: dict[str, int] = {}
    early_returns: list[dict[str, Any]] = []

    def short(self, short_id: str) -> Short | None:
        """Return the short pick of this id."""
        return next((each for each in self.shorts if each.short_id == short_id), None)
