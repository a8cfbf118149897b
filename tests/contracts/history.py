"""What every adapter of fraud's history keeps. Subclass it and provide `history`."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

from functions.fraud.history import FamilyTotal, History, Row
from shared.values.money import Money


class HistoryContract:
    """One suite for all stores."""

    def test_what_was_put_is_got_as_it_was(self, history: History, now: datetime) -> None:
        row = Row(
            "order.ord_1", "decision", now, {"score": 12, "codes": ["a", None], "of": {"x": 1}}, "f", Money("USD", 5)
        )
        assert history.get("order.ord_1", "decision") is None
        assert history.put_once(row)
        assert history.get("order.ord_1", "decision") == row
        assert history.get("order.ord_1", "transaction") is None
        assert history.get("order.ord_2", "decision") is None

    def test_the_first_put_stays(self, history: History, now: datetime) -> None:
        assert history.put_once(Row("p", "r", now, {"n": 1}))
        assert not history.put_once(Row("p", "r", now, {"n": 2}))
        history.put_all([Row("p", "r", now, {"n": 3}), Row("p", "s", now, {"n": 3})])
        assert [history.get("p", key).values["n"] for key in "rs"] == [1, 3]

    def test_of_many_at_once_one_is_first(self, history: History, now: datetime) -> None:
        start, won = Barrier(8), []

        def put(number: int) -> None:
            start.wait()
            if history.put_once(Row("p", "r", now, {"n": number})):
                won.append(number)

        threads = [Thread(target=put, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        assert history.get("p", "r").values == {"n": won[0]}

    def test_lists_a_partition_since_a_moment_newest_first(self, history: History, now: datetime) -> None:
        times = [now - timedelta(minutes=minutes) for minutes in (61, 60, 30, 0)]
        history.put_all([Row("p", f"r{number}", at, {}) for number, at in enumerate(times)])
        history.put_all([Row("q", "other", now, {}), Row("p.q", "other", now, {})])
        since = now - timedelta(minutes=60)
        assert [row.row_key for row in history.rows("p", since)] == ["r3", "r2", "r1"]
        assert [row.row_key for row in history.rows("p", since, limit=2)] == ["r3", "r2"]
        assert history.rows("nowhere", since) == []

    def test_totals_a_family_by_currency_up_to_a_moment(self, history: History, now: datetime) -> None:
        later = now + timedelta(seconds=1)
        rows = [
            Row("a", "1", now, {}, "sold", Money("USD", 100)),
            Row("b", "1", now, {}, "sold", Money("USD", 250)),
            Row("c", "1", now, {}, "sold", Money("JPY", 1200)),
            Row("d", "1", later, {}, "sold", Money("USD", 7)),
            Row("e", "1", now, {}, "other", Money("USD", 9)),
            Row("f", "1", now, {}),
        ]
        history.put_all(rows)
        history.put_all(rows)
        first = {"USD": FamilyTotal(2, 350), "JPY": FamilyTotal(1, 1200)}
        assert history.totals("sold", now) == first
        assert history.totals("sold", later) == {**first, "USD": FamilyTotal(3, 357)}
        assert history.totals("sold", now - timedelta(seconds=1)) == {}

    def test_pages_a_family_in_one_currency_oldest_first(self, history: History, now: datetime) -> None:
        rows = [
            Row(f"p{number}", "r", now + timedelta(seconds=number), {}, "kept", Money("USD", 1)) for number in range(5)
        ]
        history.put_all([*rows, Row("x", "r", now, {}, "kept", Money("JPY", 1)), Row("y", "r", now, {}, "other", None)])
        found, cursor = history.family("kept", "USD", now, now + timedelta(seconds=3), limit=3)
        assert ([row.partition for row in found], cursor is None) == (["p0", "p1", "p2"], False)
        rest, end = history.family("kept", "USD", now, now + timedelta(seconds=3), limit=3, cursor=cursor)
        assert ([row.partition for row in rest], end) == (["p3"], None)

    def test_purges_what_has_expired_and_nothing_else(self, history: History, now: datetime) -> None:
        soon, later = now + timedelta(days=2), now + timedelta(days=3)
        history.put_all(
            [
                Row("p", "r0", now, {}),
                Row("p", "r1", now, {}, expires_at=soon),
                Row("p", "r2", now, {}, expires_at=later),
                Row("q", "r1", now, {}, expires_at=soon),
            ]
        )
        assert history.get("p", "r1").expires_at == soon
        assert history.purge(now + timedelta(days=1)) == (0, False)
        assert self.purged(history, soon + timedelta(seconds=1)) == 2
        assert {row.row_key for row in history.rows("p", now)} == {"r0", "r2"}
        assert history.get("p", "r1") is None
        assert history.get("q", "r1") is None
        assert self.purged(history, soon + timedelta(seconds=1)) == 0

    def test_purges_by_parts(self, history: History, now: datetime) -> None:
        history.put_all([Row(f"p{number}", "r", now, {}, expires_at=now) for number in range(5)])
        count, more = history.purge(now + timedelta(days=1), 2)
        assert (count <= 2, more) == (True, True)
        assert count + self.purged(history, now + timedelta(days=1)) == 5
        history.put_once(Row("a", "r", now, {}, expires_at=now))
        assert self.purged(history, now + timedelta(days=1)) == 1, "it begins anew"

    def purged(self, history: History, now: datetime) -> int:
        total, more = history.purge(now, 2)
        while more:
            count, more = history.purge(now, 2)
            total += count
        return total
