"""What must be true of the whole estate whenever it is idle."""

from typing import Any

from tests.estate import RunningEstate


def assert_books_agree(estate: RunningEstate, *, dead_letters: int = 0) -> None:
    """The ledger balances, every service agrees with the events, and nothing was given up."""
    balance = estate.get("/accounting/trial-balance")
    assert balance["balanced"] is True, balance
    found = estate.get("/data_warehouse/reports/reconciliation")
    assert (found["balanced"], found["differences"]) == (True, []), found
    given_up = estate.get("/-/dead-letters")["items"]
    assert len(given_up) == dead_letters, [_shown(each) for each in given_up]


def _shown(letter: dict[str, Any]) -> dict[str, Any]:
    return {name: letter[name] for name in ("subscription", "event_type", "error_code", "error_detail")}
