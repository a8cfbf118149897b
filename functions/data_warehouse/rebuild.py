"""The analytical store, built again from an archive."""

from collections.abc import Iterable
from itertools import islice

from functions.data_warehouse import archive
from shared.analytics import AnalyticalStore
from shared.events import Envelope
from shared.settings import Settings
from shared.storage.content import Content

AT_ONCE = 2000
"""Rows in one load."""


def rebuild(events: Iterable[Envelope], settings: Settings) -> None:
    """Load an archive, in whatever order and with whatever duplicates, into the store of these settings."""
    store, left = AnalyticalStore.connect(settings), iter(events)
    while batch := list(islice(left, AT_ONCE)):
        store.load(batch)


def content(settings: Settings) -> Content:
    """Return what identifies the content of the store of these settings."""
    return archive.content(AnalyticalStore.connect(settings))
