"""The database commits a saga's ending and says that it is not available: what was committed stands."""

from typing import Any

import pytest

from shared.errors import Unavailable
from shared.storage.sqlite import SqliteDatabase
from tests.in_process import InProcess, basket


@pytest.mark.parametrize(("token", "ends"), [("tok_3ds", "requires_action"), ("tok_visa", "confirmed")])
def test_an_ending_that_was_committed_is_not_undone(
    estate: InProcess, monkeypatch: pytest.MonkeyPatch, token: str, ends: str
):
    write = SqliteDatabase._write
    checkouts: list[int] = []

    def unsure(self: SqliteDatabase, *arguments: Any) -> bool:
        done = write(self, *arguments)
        if self.service == "checkout":
            checkouts.append(1)
            if len(checkouts) == 2:  # the first writes the plan, the second the ending
                raise Unavailable("no answer of the database")
        return done

    monkeypatch.setattr(SqliteDatabase, "_write", unsure)
    status, answer = estate.place(basket(payment={"token": token}))
    assert (status, answer["code"]) == (409, "in_progress")

    status, answer = estate.place(basket(payment={"token": token}))

    assert (status, answer["status"]) == (201, ends)
    assert ("payment", f"POST /authorizations/{answer['order_id']}/void") not in estate.requests
    if ends == "requires_action":
        status, answer = estate.post(f"/checkout/orders/{answer['order_id']}/confirm")
        assert (status, answer["status"]) == (200, "confirmed")
