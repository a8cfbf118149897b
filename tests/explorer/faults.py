"""Where faults strike: the seams at which an estate in this process is disturbed, and its virtual time.

Nothing in the services knows of this: methods of the embedded parts are wrapped for as long as `installed` lasts.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from unittest.mock import patch

import shared.calls.http
import shared.calls.transport
import shared.hosts.local.seeding
import shared.messaging.embedded.batches
import shared.messaging.embedded.broker
import shared.storage.sqlite
from shared.errors import Unavailable
from shared.messaging.embedded.broker import Broker
from shared.storage.sqlite import SqliteDatabase
from shared.storage.sqlite_transaction import SqliteTransaction
from tests.explorer import sweeps, tokens
from tests.explorer.memory import MemoryFile
from tests.explorer.schedules import COMMIT, KINDS, PUBLISH, Fault
from tests.explorer.sweeps import commits
from tests.explorer.transitions import watched
from tests.in_process import Crash

START = datetime(2026, 11, 20, 8, tzinfo=UTC)
OUTSIDE = frozenset({"gateway"})
"""Stores of outside parties: not ours to fail."""


class Time:
    """Virtual: the clock moves a millisecond at each look, and both clock and stopwatch by sleeping."""

    def __init__(self) -> None:
        self.now = START
        self._slept = 0.0

    def clock(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def monotonic(self) -> float:
        return self._slept

    def sleep(self, seconds: float) -> None:
        self._slept += seconds
        self.jump(timedelta(seconds=seconds))

    def jump(self, by: timedelta) -> None:
        """Set the clock alone: nobody has waited."""
        self.now += by


class Strikes:
    """Counts the moments of a run and says what strikes at each."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self.dying = False
        self.rest()

    def arm(self, faults: tuple[Fault, ...]) -> None:
        """Begin a run."""
        self.armed, self.dying, self.faults = True, False, faults
        self.moments: Counter[str] = Counter()
        self.struck: list[Fault] = []
        self._began = self._time.now

    def rest(self) -> None:
        """Nothing strikes any more, and nothing is counted."""
        self.armed, self.faults = False, ()
        if not hasattr(self, "moments"):
            self.moments, self.struck = Counter(), []

    def meet(self, moment: str) -> list[str]:
        """Pass a moment; return the kinds of faults that strike now."""
        if not self.armed:
            return []
        number = self.moments[moment]
        self.moments[moment] += 1
        now = [each for each in self.faults if KINDS[each.kind] == moment and 0 <= number - each.at < each.times]
        self.struck += now
        return [each.kind for each in now]

    def is_dead(self, what: str) -> bool:
        """Whether a service, the broker or the databases are out of order."""
        if not self.armed:
            return False
        gone = self._time.now - self._began
        dead = [each for each in self.faults if each.kind == f"{what}-dead" and gone < timedelta(minutes=each.at)]
        self.struck += [each for each in dead if each not in self.struck]
        return bool(dead)

    def has(self, kind: str) -> bool:
        return any(each.kind == kind for each in self.faults)

    def die(self) -> None:
        """The process is gone from here: nothing it does on its way out counts."""
        self.dying = True
        raise Crash


class Stage(Protocol):
    """What is disturbed: a world."""

    time: Time
    strikes: Strikes
    illegal: list[str]


_on_stage: list[Stage] = []


def enter(stage: Stage) -> None:
    """Disturb this one; one at a time."""
    _on_stage[:] = [stage]


def _commit(plain: Callable[..., bool]) -> Callable[..., bool]:
    def write(self: SqliteDatabase, *arguments: Any) -> bool:
        strikes = _on_stage[0].strikes
        commits[self.service] += 1
        if self.service in OUTSIDE or not strikes.armed:
            return plain(self, *arguments)
        if strikes.dying:
            raise Crash
        kinds = strikes.meet(COMMIT)
        if "die-before-commit" in kinds:
            strikes.die()
        if "commit-refused" in kinds or strikes.is_dead("databases"):
            raise Unavailable("no database")
        done = plain(self, *arguments)
        if "die-after-commit" in kinds:
            strikes.die()
        if "commit-unsure" in kinds:
            raise Unavailable("no answer of the database")
        return done

    return write


def _settle(plain: Callable[..., list[str]]) -> Callable[..., list[str]]:
    def settle(self: Broker, acked: Any, nacked: Any, messages: Any = (), **others: Any) -> list[str]:
        strikes = _on_stage[0].strikes
        if strikes.dying:
            raise Crash
        if not messages:
            return plain(self, acked, nacked, messages, **others)
        kinds = strikes.meet(PUBLISH)
        if "unpublished" in kinds or strikes.is_dead("broker"):
            raise Unavailable("no broker")
        ids = plain(self, acked, nacked, messages, **others)
        if "publish-unsure" in kinds:
            raise Unavailable("no answer of the broker")
        return ids

    return settle


class _Ulid:
    """The ids of a seed."""

    @staticmethod
    def from_datetime(now: datetime) -> Any:
        from ulid import ULID

        return ULID.from_bytes(int(now.timestamp() * 1000).to_bytes(6, "big") + random.randbytes(10))


@contextmanager
def installed() -> Iterator[None]:
    """Wrap the seams, replace the machine's time, and keep files in memory."""

    class Now:
        @staticmethod
        def clock() -> datetime:
            return _on_stage[0].time.clock()

        @staticmethod
        def monotonic() -> float:
            return _on_stage[0].time.monotonic()

        @staticmethod
        def perf_counter() -> float:
            return _on_stage[0].time.monotonic()

        @staticmethod
        def sleep(seconds: float) -> None:
            _on_stage[0].time.sleep(seconds)

    timed = (shared.calls.http, shared.calls.transport, shared.messaging.embedded.batches, shared.storage.sqlite)
    patches = [patch.object(module, "time", Now) for module in timed]
    patches += [
        patch.object(shared.hosts.local.seeding, "utc_now", Now.clock),
        patch.object(SqliteDatabase, "_write", _commit(SqliteDatabase._write)),
        patch.object(SqliteTransaction, "apply", watched(SqliteTransaction.apply, lambda: _on_stage[0].illegal)),
        patch.object(Broker, "settle", _settle(Broker.settle)),
        patch.object(shared.storage.sqlite, "SqliteFile", MemoryFile),
        patch.object(shared.messaging.embedded.broker, "SqliteFile", MemoryFile),
        patch("ulid.ULID.from_datetime", _Ulid.from_datetime),
    ]
    for each in patches:
        each.start()
    try:
        with sweeps.watched(), tokens.remembered():
            yield
    finally:
        for each in reversed(patches):
            each.stop()
