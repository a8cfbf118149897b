"""POST /api/purges: forget what has been kept long enough. Azure's tables do not forget by themselves."""

from datetime import datetime

from functions.fraud.history import History
from shared.http.models import Answer, Command

MOST = 400
"""Rows in one answer: about a second."""


class PurgeHistory(Command):
    """Nothing to say."""


class Purged(Answer):
    """How many rows are gone, and whether there may be more to forget: then ask again."""

    rows: int
    more: bool


def purge_history(command: PurgeHistory, history: History, now: datetime) -> Purged:
    """Forget some of what has expired; asking twice forgets no more than is due."""
    rows, more = history.purge(now, MOST)
    return Purged(rows=rows, more=more)
