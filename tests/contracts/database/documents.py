"""Documents by key: what was put comes back, to every handle, in the newest schema."""

import pytest

from shared.storage.database import Database
from shared.values.money import Money
from tests.contracts.database.kinds import NOW, Counter, DatabaseRoom, Hold, OpenDatabase, Parcel, ParcelOfOldDays, put


class Documents(DatabaseRoom):
    def test_gives_back_what_was_put(self, database: Database) -> None:
        hold = Hold(order_id="ord_1", expires_at=NOW, price=Money("JPY", 1200))
        put(database, hold)
        assert database.get(Hold, "ord_1") == hold

    def test_knows_nothing_under_a_key_never_used(self, database: Database) -> None:
        assert database.get(Hold, "ord_1") is None
        assert database.transact(lambda tx: tx.get(Hold, "ord_1")) is None

    def test_another_handle_sees_what_was_committed(self, database: Database, open_database: OpenDatabase) -> None:
        put(database, Counter(name="a", count=7))
        assert open_database().get(Counter, "a") == Counter(name="a", count=7)

    def test_gets_many_in_the_order_asked_and_none_for_the_missing(self, database: Database) -> None:
        put(database, Counter(name="a", count=1), Counter(name="b", count=2))
        found = database.get_many(Counter, ["b", "x", "a", "b"])
        assert [counter and counter.count for counter in found] == [2, None, 1, 2]
        assert database.get_many(Counter, []) == []

    def test_upgrades_a_document_of_an_older_schema_when_read(self, database: Database) -> None:
        put(database, ParcelOfOldDays(parcel_id="p1", weight_kg=3))
        assert database.get(Parcel, "p1") == Parcel(parcel_id="p1", weight_g=3000, schema_version=2)
        database.transact(lambda tx: tx.put(tx.get(Parcel, "p1") or pytest.fail("lost")))
        assert database.get_many(Parcel, ["p1"]) == [Parcel(parcel_id="p1", weight_g=3000)]

    @pytest.mark.parametrize("key", ["", "a/b", "é" * 201, ".", "..", "__all__"])
    def test_refuses_a_key_that_not_every_store_takes_and_finds_nothing_there(
        self, database: Database, key: str
    ) -> None:
        with pytest.raises(ValueError, match="a key holds"):
            put(database, Counter(name=key))
        assert database.get(Counter, key) is None
        assert database.get_many(Counter, [key, "a"]) == [None, None]
        assert database.transact(lambda tx: tx.get(Counter, key)) is None
