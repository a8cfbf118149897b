"""Lists by declared indexes: their order, bounds, pages and cursors."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.errors import Invalid
from shared.storage.database import Database, Transaction, UndeclaredIndex
from shared.storage.queries import Cursor
from tests.contracts.database.kinds import NOW, DatabaseRoom, Hold, State, keys, pages, put


def cursor_of(value: str | int, key: str) -> str:
    return str(Cursor(value, key))


class Queries(DatabaseRoom):
    def test_finds_by_equality_in_the_order_of_keys(self, holds: Database) -> None:
        assert keys(holds, warehouse="south") == ["ord_6", "ord_7", "ord_8", "ord_9"]
        assert keys(holds, warehouse="west") == []
        assert keys(holds, state=State.FIRM, descending=True) == ["ord_9", "ord_7", "ord_5", "ord_3", "ord_1"]

    def test_finds_a_null(self, holds: Database) -> None:
        put(holds, Hold(order_id="ord_n", warehouse=None))
        assert keys(holds, warehouse=None) == ["ord_n"]

    def test_orders_by_a_time_between_inclusive_bounds(self, holds: Database) -> None:
        bounds = {"since": NOW + timedelta(minutes=1), "until": NOW + timedelta(minutes=3)}
        assert keys(holds, state="pending", order_by="expires_at", **bounds) == ["ord_2", "ord_4", "ord_6"]
        assert keys(holds, state="firm", order_by="expires_at", until=NOW) == ["ord_1"]

    def test_bounds_are_moments_whatever_their_zone(self, holds: Database) -> None:
        madrid = datetime.fromisoformat("2026-03-01T14:03:00+02:00")
        assert keys(holds, state="pending", order_by="expires_at", since=madrid) == ["ord_6", "ord_8"]

    def test_a_document_without_an_order_value_is_left_out(self, holds: Database) -> None:
        firm = ["ord_1", "ord_3", "ord_5", "ord_7"]
        assert keys(holds, state="firm", order_by="expires_at") == firm
        assert keys(holds, state="firm", order_by="expires_at", descending=True) == firm[::-1]

    def test_orders_by_a_number_with_ties_by_key(self, holds: Database) -> None:
        ordered = ["ord_9", "ord_6", "ord_7", "ord_8", "ord_3", "ord_5", "ord_0", "ord_1", "ord_2"]
        assert keys(holds, order_by="quantity") == ordered
        assert keys(holds, order_by="quantity", descending=True) == ordered[::-1]
        assert keys(holds, order_by="quantity", since=8, until=9) == ordered[1:6]

    def test_equality_fields_come_in_any_order(self, holds: Database) -> None:
        assert keys(holds, urgent=True, warehouse="north", order_by="quantity") == ["ord_1", "ord_2"]
        assert keys(holds, urgent=True, warehouse="north") == ["ord_1", "ord_2"]

    @pytest.mark.parametrize("descending", [False, True])
    @pytest.mark.parametrize("limit", [1, 2, 3, 4, 9])
    def test_pages_meet_without_gap_or_overlap(self, holds: Database, limit: int, descending: bool) -> None:
        for asked in (
            {"order_by": "quantity"},
            {"order_by": "quantity", "since": 8, "until": 9},
            {"state": "firm", "order_by": "expires_at", "since": NOW},
            {"warehouse": "north"},
            {},
            {"order_by": "order_id", "since": "ord_2", "until": "ord_7"},
        ):
            whole = keys(holds, descending=descending, **asked)
            parts = list(pages(holds, limit=limit, descending=descending, **asked))
            assert [key for part in parts for key in part] == whole
            assert [len(part) for part in parts[:-1]] == [limit] * (len(parts) - 1)
            assert len(parts) == max(1, -(-len(whole) // limit))

    def test_lists_a_whole_collection_in_the_order_of_keys(self, holds: Database) -> None:
        assert keys(holds) == [f"ord_{i}" for i in range(10)]
        assert keys(holds, limit=2, descending=True) == ["ord_9", "ord_8"]
        assert keys(holds, order_by="order_id", since="ord_3", until="ord_5") == ["ord_3", "ord_4", "ord_5"]

    @pytest.mark.parametrize(
        "asked",
        [
            {"urgent": True},
            {"state": "firm", "warehouse": "north"},
            {"order_by": "expires_at"},
            {"state": "firm", "order_by": "quantity"},
            {"warehouse": "north", "order_by": "quantity"},
            {"colour": "red"},
        ],
    )
    def test_refuses_a_query_that_no_index_covers(self, holds: Database, asked: dict[str, Any]) -> None:
        with pytest.raises(UndeclaredIndex):
            holds.query(Hold, **asked)
        with pytest.raises(UndeclaredIndex):
            holds.aggregate(Hold, **asked)
        with pytest.raises(UndeclaredIndex):
            holds.transact(lambda tx: tx.query(Hold, **asked))

    def test_refuses_bounds_without_an_order(self, holds: Database) -> None:
        with pytest.raises(ValueError, match="order_by"):
            holds.query(Hold, warehouse="north", since=1)

    @pytest.mark.parametrize(
        "cursor",
        ["", "x", "!!!!", "bm90IGpzb24", "WzEsMl0", "W251bGwsImEiXQ", "é", "W10"]
        + [cursor_of(value, key) for value, key in ((9, "a/b"), (9, ""), (2**63, "a"), (9, "\ud800"), ("\ud800", "a"))],
    )
    def test_refuses_a_malformed_cursor(self, holds: Database, cursor: str) -> None:
        with pytest.raises(Invalid) as refused:
            holds.query(Hold, order_by="quantity", cursor=cursor)
        assert refused.value.extra["errors"][0]["field"] == "cursor"

    def test_refuses_a_cursor_of_another_list(self, holds: Database) -> None:
        by_key = holds.query(Hold, limit=1).next_cursor
        by_number = holds.query(Hold, order_by="quantity", limit=1).next_cursor
        for asked in (
            {"cursor": by_key, "order_by": "quantity"},
            {"cursor": by_number},
            {"cursor": by_number, "order_by": "quantity", "since": 9},
            {"cursor": by_number, "state": "firm", "order_by": "expires_at", "since": NOW},
        ):
            with pytest.raises(Invalid, match="cursor"):
                holds.query(Hold, **asked)

    def test_a_query_finds_documents_under_their_new_values_only(self, holds: Database) -> None:
        def work(tx: Transaction) -> None:
            hold = tx.get(Hold, "ord_6")
            assert hold is not None
            hold.warehouse = "north"
            tx.put(hold)
            tx.delete(Hold(order_id="ord_7"))

        holds.transact(work)
        assert keys(holds, warehouse="south") == ["ord_8", "ord_9"]
        assert "ord_6" in keys(holds, warehouse="north")
