"""A day in fraud: an outcome is told and a candidate set of rules is held against the archive."""

from functions.fraud.rules import rules
from tests.in_process import InProcess


def live(estate: InProcess) -> None:
    """Ask every route of fraud that no other service asks."""
    told = {"order_id": "ord_1", "outcome": "fraud", "source": "chargeback", "occurred_at": "2026-11-20T08:00:00Z"}
    estate.post("/fraud/api/outcomes", told)
    estate.post("/fraud/api/purges", {})
    backtest = {
        "rules": rules().model_dump(mode="json"),
        "since": "2026-01-01T00:00:00Z",
        "until": "2036-01-01T00:00:00Z",
        "review_cost": {"currency": "USD", "amount": "5.00"},
        "chargeback_fee": {"currency": "USD", "amount": "15.00"},
        "margin": "0.3",
    }
    estate.post("/fraud/api/backtests", backtest)
    estate.post("/fraud/api/backtests", backtest | {"currency": "EUR"})
