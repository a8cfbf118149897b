"""One transaction: its own writes, all of it or nothing, and its bounds."""

import pytest

from shared.errors import Invalid
from shared.storage.database import Database, Transaction
from shared.storage.guard import TransactionOpen, leaving
from tests.contracts.database.kinds import NOW, Counter, DatabaseRoom, OpenDatabase, OrderPlaced, increment, put


class Transactions(DatabaseRoom):
    def test_reads_its_own_writes(self, database: Database) -> None:
        def work(tx: Transaction) -> list[Counter | None]:
            tx.put(Counter(name="a", count=1))
            first = tx.get(Counter, "a")
            tx.delete(Counter(name="a"))
            return [first, tx.get(Counter, "a")]

        assert database.transact(work) == [Counter(name="a", count=1), None]
        assert database.get(Counter, "a") is None

    def test_writes_a_document_as_it_was_when_put(self, database: Database) -> None:
        def work(tx: Transaction) -> Counter | None:
            counter = Counter(name="a", count=1)
            tx.put(counter)
            counter.count = 99
            return tx.get(Counter, "a")

        assert database.transact(work) == Counter(name="a", count=1)
        assert database.get(Counter, "a") == Counter(name="a", count=1)

    def test_shows_nothing_to_others_before_it_commits(self, database: Database) -> None:
        def work(tx: Transaction) -> None:
            tx.put(Counter(name="a"))
            assert database.get(Counter, "a") is None

        database.transact(work)
        assert database.get(Counter, "a") == Counter(name="a")

    def test_writes_nothing_when_the_work_raises(self, database: Database) -> None:
        put(database, Counter(name="a", count=1))

        def work(tx: Transaction) -> None:
            tx.put(Counter(name="a", count=2))
            tx.put(Counter(name="b"))
            tx.emit(OrderPlaced(order_id="ord_1"), NOW)
            raise Invalid(("quantity", "too many"))

        with pytest.raises(Invalid, match="quantity: too many"):
            database.transact(work)
        assert database.get(Counter, "a") == Counter(name="a", count=1)
        assert database.get(Counter, "b") is None
        assert database.outstanding() == 0

    def test_creating_what_the_same_transaction_knows_to_exist_is_a_defect(self, database: Database) -> None:
        increment(database, "a")

        def work(tx: Transaction) -> None:
            tx.get(Counter, "a")
            tx.create(Counter(name="a"))

        with pytest.raises(ValueError, match="counters/a exists"):
            database.transact(work)
        assert database.get(Counter, "a") == Counter(name="a", count=1)

    def test_removing_what_is_not_there_is_no_error(self, database: Database) -> None:
        database.transact(lambda tx: tx.delete(Counter(name="a")))
        assert database.get(Counter, "a") is None

    def test_takes_500_writes_in_one_commit_and_no_more(self, database: Database) -> None:
        put(database, *(Counter(name=f"a{i}") for i in range(500)))
        assert database.aggregate(Counter).count == 500

        def one_too_many(tx: Transaction) -> None:
            for i in range(500):
                tx.put(Counter(name=f"b{i}"))
            tx.emit(OrderPlaced(order_id="ord_1"), NOW)

        with pytest.raises(ValueError, match="501 writes"):
            database.transact(one_too_many)
        assert database.aggregate(Counter).count == 500
        assert database.outstanding() == 0

    def test_transactions_do_not_nest(self, database: Database, open_database: OpenDatabase) -> None:
        other = open_database()

        def work(tx: Transaction) -> None:
            tx.put(Counter(name="a"))
            increment(other, "b")

        with pytest.raises(TransactionOpen):
            database.transact(work)
        assert database.get_many(Counter, ["a", "b"]) == [None, None]
        increment(database, "c")

    def test_no_effect_leaves_while_a_transaction_is_open(self, database: Database) -> None:
        def work(tx: Transaction) -> None:
            tx.put(Counter(name="a"))
            leaving("a call to payment")

        with pytest.raises(TransactionOpen, match="a call to payment inside a transaction"):
            database.transact(work)
        assert database.get(Counter, "a") is None
