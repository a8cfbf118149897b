"""One SQLite file: who may write it, who reads it, and when its commits are safe against power loss.

WAL with synchronous=NORMAL: a commit survives the death of the process at once, and power loss after `sync`. SQLite
checkpoints inside COMMIT and when the last connection closes, both only under the file's lock. Open it after forking.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shared.errors import Unavailable

BUSY_SECONDS = 30.0
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}


class SqliteFile:
    """The connections, the write lock and the sync of one database file. A `Durable`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._wal = f"{path}-wal"
        self._mutex = threading.Lock()
        self._lock_fd = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        self._idle: list[sqlite3.Connection] = []
        self._group = GroupSync(self._make_safe)
        self._wal_fd = -1
        self._safe_version: int | None = None
        self._closed = False
        with self._mutex, _Flock(self._lock_fd):
            self._writer = self._connect(cache_kib=8000)
            self._writer.execute("PRAGMA journal_mode=WAL")
            self._watch = self._connect(cache_kib=100)
        self._cursor = self._writer.cursor()

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return all rows, read without any lock of ours, in one snapshot of every commit so far."""
        reader = self._reader()
        try:
            return reader.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as error:
            _tell_passing(error)
            raise
        finally:
            self._idle.append(reader)

    def read_together(self, questions: Sequence[tuple[str, Sequence[Any]]]) -> list[list[Any]]:
        """Return the rows of several statements, all read in one snapshot."""
        reader = self._reader()
        try:
            reader.execute("BEGIN")
            try:
                return [reader.execute(sql, parameters).fetchall() for sql, parameters in questions]
            finally:
                reader.execute("COMMIT")
        except sqlite3.OperationalError as error:
            _tell_passing(error)
            raise
        finally:
            self._idle.append(reader)

    def write(self, work: Callable[[sqlite3.Cursor], bool]) -> bool:
        """Run work under the write lock and commit; nothing is written if it returns False or raises.

        Processes take turns on a blocking flock, so that SQLite's own busy waiting (a poll) never has to happen.
        """
        with self._mutex:
            fcntl.flock(self._lock_fd, fcntl.LOCK_EX)
            try:
                return self._in_one_commit(work)
            except sqlite3.OperationalError as error:
                _tell_passing(error)
                raise
            finally:
                fcntl.flock(self._lock_fd, fcntl.LOCK_UN)

    def _in_one_commit(self, work: Callable[[sqlite3.Cursor], bool]) -> bool:
        cursor = self._cursor
        cursor.execute("BEGIN IMMEDIATE")
        try:
            done = work(cursor)
            cursor.execute("COMMIT" if done else "ROLLBACK")
        except BaseException:
            if self._writer.in_transaction:
                cursor.execute("ROLLBACK")
            raise
        return done

    def sync(self) -> None:
        """Return when every commit made or seen so far is safe against power loss; waiting threads share one sync."""
        self._group.sync()

    def close(self) -> None:
        """Give back every connection, under the lock: the last one of all processes checkpoints."""
        with self._mutex:
            if self._closed:
                return
            self._closed = True
            with _Flock(self._lock_fd):
                for connection in (*self._idle, self._watch, self._writer):
                    connection.close()
            for fd in (self._wal_fd, self._lock_fd):
                if fd >= 0:
                    os.close(fd)

    def _reader(self) -> sqlite3.Connection:
        """Lend a connection that nobody else uses now: the one used last, for its statements are prepared.

        As many are open as threads ever read at once; a thread that ends leaves nothing behind.
        """
        try:
            return self._idle.pop()
        except IndexError:
            reader = self._connect(cache_kib=1000)
            reader.execute("PRAGMA query_only=ON")
            return reader

    def _connect(self, cache_kib: int) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=256, check_same_thread=False
        )
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA mmap_size=0")
        connection.execute("PRAGMA journal_size_limit=-1")
        connection.execute(f"PRAGMA cache_size=-{cache_kib}")
        return connection

    def _make_safe(self) -> None:
        """Sync the WAL, unless nobody committed since we last did. What is in the main file, a checkpoint synced.

        `data_version` is asked first: it covers no commit that the sync after it doesn't.
        """
        version = self._watch.execute("PRAGMA data_version").fetchone()[0]
        if version == self._safe_version:
            return
        if self._find_wal():
            os.fdatasync(self._wal_fd)
        self._safe_version = version

    def _find_wal(self) -> bool:
        """Open the WAL, again if it is another file by now; False if there is none, so everything was checkpointed."""
        try:
            there = os.stat(self._wal)  # noqa: PTH116  (on the path of every sync)
        except FileNotFoundError:
            return False
        if self._wal_fd >= 0 and os.fstat(self._wal_fd).st_ino == there.st_ino:
            return True
        if self._wal_fd >= 0:
            os.close(self._wal_fd)
        self._wal_fd = os.open(self._wal, os.O_RDWR | os.O_CLOEXEC)
        return True


class GroupSync:
    """Lets waiting threads share one sync: who comes while one runs is served by the next, which one of them leads.

    A failure stays: after one, the kernel may have dropped what it could not write and report success the next time.
    """

    def __init__(self, make_safe: Callable[[], None]) -> None:
        self._make_safe = make_safe
        self._turn = threading.Condition()
        self._begun = 0
        self._done = 0
        self._running = False
        self._failure: OSError | None = None

    def sync(self) -> None:
        """Return when a sync that began after this call has ended; OSError if this or an earlier one failed."""
        with self._turn:
            wanted = self._begun + 1
            while self._running and self._done < wanted:
                self._turn.wait()
            if self._done >= wanted:
                return
            if self._failure is not None:
                raise OSError("an earlier sync failed; what was committed since may be lost") from self._failure
            self._running = True
            self._begun += 1
        self._lead()

    def _lead(self) -> None:
        failure: OSError | None = None
        safe = False
        try:
            self._make_safe()
            safe = True
        except OSError as error:
            failure = error
            raise
        finally:
            with self._turn:
                self._running = False
                self._failure = failure
                if safe:
                    self._done = self._begun
                self._turn.notify_all()


class _Flock:
    """Hold a file's lock; other processes wait."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def __enter__(self) -> None:
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        fcntl.flock(self._fd, fcntl.LOCK_UN)


def _tell_passing(error: sqlite3.OperationalError) -> None:
    """Raise Unavailable for what a retry can help (a full disk, a busy file); return for a defect in a statement."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING:
        raise Unavailable(f"the database can't be used now: {error}") from error
