"""GET /checks: what the hourly reconciliations found, newest first."""

from functions.data_warehouse.check import Check
from functions.data_warehouse.reconciliation import Difference
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp


class CheckAnswer(Answer):
    """One hour: whether all agreed about everything up to `until`, how many totals were compared, what differed."""

    hour: str
    until: Timestamp
    balanced: bool
    checked: int
    differences: tuple[Difference, ...]


class Checks(Items):
    """A page of checks."""

    items: list[CheckAnswer]


def list_checks(db: Database, cursor: str | None = None) -> Checks:
    """List the checks of the last quarter, 100 a page."""
    page = db.query(Check, order_by="until", descending=True, cursor=cursor)
    items = [CheckAnswer.model_validate(check, from_attributes=True) for check in page.items]
    return Checks(items=items, next_cursor=page.next_cursor)
