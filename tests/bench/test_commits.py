import sqlite3
from pathlib import Path

from bench.commits import Counter, counts


def test_counts_commits_and_nothing_else_across_checkpoints(tmp_path: Path) -> None:
    writer = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE t (x)")
    counter = Counter(tmp_path / "a.db")
    before = counter.read()

    for _ in range(1500):  # past SQLite's automatic checkpoint at 1000 pages
        writer.execute("INSERT INTO t VALUES (zeroblob(3000))")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES (1)")
    writer.execute("ROLLBACK")
    writer.execute("SELECT count(*) FROM t").fetchall()

    assert counter.read() - before == 1500
    assert counts(tmp_path) == {"a": counter.read()}
    counter.close()
    writer.close()
