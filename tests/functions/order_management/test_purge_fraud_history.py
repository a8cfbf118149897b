"""Fraud, which no schedule reaches, is asked to forget."""

from functions.order_management.purge_fraud_history import MOST, purge_fraud_history
from shared.errors import CallFailed
from tests.scripted_calls import ScriptedCalls

ROUTE = ("POST", "/fraud/api/purges")


def test_asks_until_nothing_is_left() -> None:
    call = ScriptedCalls({ROUTE: {"rows": 3, "more": False}})
    purge_fraud_history(call)
    assert call.made == [(*ROUTE, {})]


def test_a_run_ends_while_there_is_more() -> None:
    call = ScriptedCalls({ROUTE: {"rows": 400, "more": True}})
    purge_fraud_history(call)
    assert len(call.made) == MOST


def test_while_fraud_is_away_nothing_happens() -> None:
    call = ScriptedCalls({ROUTE: CallFailed()})
    purge_fraud_history(call)
    assert len(call.made) == 1
