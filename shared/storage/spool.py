"""A heap of events on disk, given back by what they are about: for what is larger than memory."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from shared.events.envelope import Envelope


class Spool:
    """Takes events in any order and as often as they come; each is kept once, by its id. Gone when it is closed."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("")  # a temporary file of SQLite's own
        self._file.execute(
            "CREATE TABLE events (about TEXT, id TEXT, body TEXT, PRIMARY KEY (about, id)) WITHOUT ROWID"
        )

    def add(self, events: Iterable[tuple[str, Envelope]]) -> None:
        """Keep events, each under what it is about."""
        rows = ((about, event.id, event.model_dump_json()) for about, event in events)
        self._file.executemany("INSERT OR IGNORE INTO events VALUES (?, ?, ?)", rows)

    def groups(self) -> Iterator[tuple[str, list[Envelope]]]:
        """Give back what each thing's events are, ordered by their ids."""
        rows = self._file.execute("SELECT about, body FROM events ORDER BY about, id")
        for about, found in groupby(rows, itemgetter(0)):
            yield about, [Envelope.model_validate_json(body) for _, body in found]

    def close(self) -> None:
        """Remove the file."""
        self._file.close()
