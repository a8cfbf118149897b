"""Totals of a collection or of what matches, and removing what has expired."""

from datetime import timedelta

import pytest

from shared.storage.database import Database
from tests.contracts.database.kinds import NOW, Counter, DatabaseRoom, Hold, keys


class Totals(DatabaseRoom):
    def test_counts_and_sums_a_whole_collection(self, holds: Database) -> None:
        totals = holds.aggregate(Hold, sums=["quantity"])
        assert (totals.count, totals.sums) == (10, {"quantity": 10 + 10 + 10 + 9 + 9 + 8 + 8 + 8 + 7})

    def test_counts_and_sums_what_matches(self, holds: Database) -> None:
        totals = holds.aggregate(Hold, sums=["quantity"], warehouse="south")
        assert (totals.count, totals.sums) == (4, {"quantity": 31})
        assert holds.aggregate(Hold, order_by="quantity", since=9).count == 5
        assert holds.aggregate(Hold, state="firm", order_by="expires_at", until=NOW + timedelta(minutes=1)).count == 2

    def test_what_has_no_value_counts_and_adds_nothing(self, holds: Database) -> None:
        totals = holds.aggregate(Hold, sums=["quantity"], warehouse="north")
        assert (totals.count, totals.sums) == (6, {"quantity": 48})

    def test_sums_what_no_index_names(self, holds: Database) -> None:
        totals = holds.aggregate(Hold, sums=["quantity"], state="firm", order_by="expires_at", since=NOW)
        assert (totals.count, totals.sums) == (4, {"quantity": 10 + 9 + 9 + 8})

    def test_the_totals_of_nothing_are_zero(self, database: Database) -> None:
        totals = database.aggregate(Hold, sums=["quantity"])
        assert (totals.count, totals.sums) == (0, {"quantity": 0})

    def test_refuses_to_sum_what_is_no_field(self, holds: Database) -> None:
        with pytest.raises(ValueError, match="colour"):
            holds.aggregate(Hold, sums=["colour"])

    def test_purges_what_lies_before_now_and_nothing_else(self, holds: Database) -> None:
        assert holds.purge(Hold, NOW + timedelta(minutes=1)) == 2
        assert keys(holds) == [f"ord_{i}" for i in range(2, 10)]
        assert holds.purge(Hold, NOW + timedelta(minutes=1)) == 0

    def test_purges_in_batches_and_never_what_has_no_expiry(self, holds: Database) -> None:
        late = NOW + timedelta(days=1)
        assert [holds.purge(Hold, late, limit=4) for _ in range(4)] == [4, 4, 1, 0]
        assert keys(holds) == ["ord_9"]

    def test_refuses_to_purge_what_has_no_ttl(self, database: Database) -> None:
        with pytest.raises(ValueError, match="ttl_field"):
            database.purge(Counter, NOW)
