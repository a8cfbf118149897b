"""What is scheduled, and when it may be passed over: if it would find nothing to do.

A scheduled function finds its work by queries of its own service's documents, which bounds of time may narrow. One
whose queries all found nothing is passed over until one of them would find something without its bounds. What it read
by key, too, may be other once its service has committed: then it runs again. `test_sweeps.py` runs what is passed over
all the same and sees it do nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from shared.calls.transport import Reply
from shared.http.service import Service
from shared.manifest import manifest
from shared.storage.documents import Document, Page
from shared.storage.sqlite import SqliteDatabase

RELAY = "relay_outbox"
_CRON = ("* * * * *", "*/5 * * * *")
_BOUNDS = ("since", "until", "descending", "limit", "cursor")

Question = tuple[type[Document], tuple[tuple[str, Any], ...]]
"""A query without its bounds."""


@dataclass
class Looks:
    """What the sweep that runs has looked at."""

    questions: set[Question] = field(default_factory=set)
    found: bool = False
    """Whether a query found something."""
    by_key: bool = False


@dataclass
class Idle:
    """How a function looked for something and had nothing to do, as of so many commits of its service."""

    looks: Looks
    since: int
    checked: int = -1


_looking: list[Looks] = []
commits: Counter[str] = Counter()
"""Of documents, by service; it counts on from estate to estate."""


class Sweeps:
    """The scheduled functions of an estate."""

    def __init__(self, services: dict[str, Service]) -> None:
        self._services = services
        self._idle: dict[tuple[str, str], Idle] = {}
        self._settled: dict[str, int] = {}
        self.all = tuple(_scheduled())

    def forget(self) -> None:
        """Begin anew: another process may take over what this one had under way."""
        self._idle.clear()
        self._settled.clear()

    def run(self, service: str, function: str, work: Callable[[], Reply | None]) -> None:
        """Run a scheduled function and note whether it had nothing to do."""
        before, looks = commits.total(), Looks()
        _looking.append(looks)
        try:
            reply = work()
        finally:
            _looking.pop()
        self._idle.pop((service, function), None)
        if reply is not None and reply.status == 200 and not looks.found and commits.total() == before:
            self._idle[service, function] = Idle(looks, commits[service])

    def has_work(self, service: str, function: str) -> bool:
        """Whether this function might do something now."""
        database, now = self._services[service].database, commits[service]
        if function == RELAY:
            return database.outstanding() > 0
        idle = self._idle.get((service, function))
        if idle is None or (idle.looks.by_key and idle.since != now):
            return True
        if idle.checked != now and any(_page(database, each).items for each in idle.looks.questions):
            return True
        idle.checked = now
        return False

    def unsettled(self) -> dict[str, int]:
        """What services have begun and not finished; who had nothing has nothing until it commits."""
        left: dict[str, int] = {}
        for name, service in self._services.items():
            if self._settled.get(name) == commits[name]:
                continue
            counted = {what: count for what, count in service.outstanding().items() if count and what != "inbox"}
            left |= {f"{name}.{what}": count for what, count in counted.items()}
            if not counted:
                self._settled[name] = commits[name]
        return left


def _scheduled() -> Iterator[tuple[str, str]]:
    for service in manifest().services.values():
        if service.runs_on == "cloud_run":
            yield service.service, RELAY
        for name, row in service.functions.items():
            if row.schedule in _CRON and name != "load_events":
                yield service.service, name


def _page(database: Any, question: Question) -> Page[Any]:
    kind, asked = question
    page: Page[Any] = database.query(kind, **dict(asked), limit=1)
    return page


@contextmanager
def watched() -> Iterator[None]:
    """Note how sweeps look for something to do."""
    query = SqliteDatabase.query

    def find(self: SqliteDatabase, kind: type[Document], /, **asked: Any) -> Page[Any]:
        page = query(self, kind, **asked)
        for looks in _looking:
            looks.questions.add((kind, tuple((name, asked[name]) for name in asked if name not in _BOUNDS)))
            looks.found |= bool(page.items)
        return page

    def by_key(plain: Callable[..., Any]) -> Callable[..., Any]:
        def read(self: SqliteDatabase, *arguments: Any, **options: Any) -> Any:
            for looks in _looking:
                looks.by_key = True
            return plain(self, *arguments, **options)

        return read

    others = ("get", "get_many", "aggregate", "transact")
    patches = [patch.object(SqliteDatabase, name, by_key(getattr(SqliteDatabase, name))) for name in others]
    patches.append(patch.object(SqliteDatabase, "query", find))
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()
