"""What a person says with every decision about an order: who decides, and why."""

from pydantic import Field

from shared.http.models import Command
from shared.values.identifiers import Sku


class Decision(Command):
    """Who decides and why."""

    by: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=500)


class Pieces(Command):
    """So many pieces of a SKU."""

    sku: Sku
    quantity: int = Field(ge=1, le=100_000)


class PiecesDecision(Decision):
    """A decision about some pieces; about all that it can be about, without `lines`.

    `reference` names the decision, so that it can be said twice and counts once. Without it the same by, reason and
    lines are the same decision.
    """

    lines: list[Pieces] | None = Field(default=None, min_length=1, max_length=200)
    reference: str | None = Field(default=None, min_length=1, max_length=100)

    @property
    def wanted(self) -> dict[str, int] | None:
        """The pieces by SKU, None for all."""
        if self.lines is None:
            return None
        wanted: dict[str, int] = {}
        for line in self.lines:
            wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
        return wanted
