"""GET /control-totals: what reconciliation compares with the events."""

from datetime import datetime

from functions.inventory.ledger import LEDGER
from shared.http.models import ControlTotals
from shared.stock.control_totals import control_totals
from shared.storage import Database
from shared.values.clock import Timestamp


def report_control_totals(db: Database, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Return the sums of movements by SKU up to `until` (now), and what stock and reservations leave unexplained."""
    return control_totals(db, LEDGER, until or now)
