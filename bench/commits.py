"""Counts commits from outside: SQLite keeps a counter of a WAL file's write transactions in its WAL index.

`WalIndexHdr.iChange`, 32 bits at offset 8 of the `-shm` file in the machine's byte order, is raised by every commit and
carried on when the WAL restarts (https://www.sqlite.org/walformat.html#the_wal_index_header). Reading it costs the
estate nothing.
"""

import mmap
import struct
from pathlib import Path

_OFFSET = 8
_HEADER = 48


class Counter:
    """The commits of one SQLite file since its WAL index was made, by all processes."""

    def __init__(self, database: Path) -> None:
        with Path(f"{database}-shm").open("rb") as file:
            self._map = mmap.mmap(file.fileno(), _HEADER, access=mmap.ACCESS_READ)

    def read(self) -> int:
        """Return the count now."""
        count: int = struct.unpack_from("=I", self._map, _OFFSET)[0]
        return count

    def close(self) -> None:
        """Give back the mapping."""
        self._map.close()


def counts(folder: Path) -> dict[str, int]:
    """Return the commits so far of every SQLite file of a folder, by name."""
    found = {}
    for index in sorted(folder.glob("*.db-shm")):
        counter = Counter(Path(str(index).removesuffix("-shm")))
        found[index.name.removesuffix(".db-shm")] = counter.read()
        counter.close()
    return found
