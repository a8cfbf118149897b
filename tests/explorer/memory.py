"""The embedded stores' files, kept in memory: thousands of schedules a minute wait for no file system.

Who dies in an explorer loses what it knew, not its files: they last as long as their folder. One connection both reads
and writes, for nothing runs beside anything else here; what several connections see of each other is tried by
`tests/contracts/database/` and `tests/shared/storage/`.
"""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shared.storage.sqlite_file import SqliteFile

_files: dict[Path, sqlite3.Connection] = {}


class MemoryFile(SqliteFile):
    """A file that is there again when it is opened again."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._mutex = threading.RLock()  # type: ignore[assignment]
        self._writer = _files.get(path) or _files.setdefault(path, _fresh())
        self._cursor = self._writer.cursor()

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return all rows; AssertionError inside a commit, of which nobody else could see anything yet."""
        with self._mutex:
            assert not self._writer.in_transaction, sql
            return self._writer.execute(sql, parameters).fetchall()

    def read_together(self, questions: Sequence[tuple[str, Sequence[Any]]]) -> list[list[Any]]:
        return [self.read(*each) for each in questions]

    def write(self, work: Callable[[sqlite3.Cursor], bool]) -> bool:
        with self._mutex:
            return self._in_one_commit(work)

    def sync(self) -> None:
        """No power fails here."""

    def close(self) -> None:
        """The file stays."""


def _fresh() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None, cached_statements=256, check_same_thread=False)


def copy(folder: Path, into: Path) -> None:
    """Copy every file that lies right in a folder."""
    for path, content in list(_files.items()):
        if path.parent == folder:
            _files[into / path.name] = copied = _fresh()
            content.backup(copied)


def forget(folder: Path) -> None:
    """Remove every file that lies right in a folder."""
    for path in [each for each in _files if each.parent == folder]:
        _files.pop(path).close()
