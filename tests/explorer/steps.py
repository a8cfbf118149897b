"""Every step of every function with outside effects, as moments at which its process can be killed.

Such functions are found by their signatures: they take the database, and calls or a port of their service's. A step is
a commit of their service, a call, or something asked of a port, while the function runs.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Literal, NamedTuple
from unittest.mock import patch

import shared.http.events
import shared.http.wsgi
from shared.calls.http import HttpCalls
from shared.http.capability import load
from shared.http.invocation import Invocation
from shared.http.service import Service
from shared.manifest import manifest
from shared.storage.sqlite import SqliteDatabase
from tests.explorer.world import World

Side = Literal["before", "after"]
_PLAIN = (bool, int, float, str, bytes, date, datetime, timedelta, Enum, tuple, list, dict, set, frozenset, type(None))


def with_outside_effects() -> list[str]:
    """`service.function` of each; one that answers GET has none."""
    found = []
    for service, row in manifest().services.items():
        for name, function in row.functions.items():
            capability = load(service, name, function)
            if "db" in capability.uses and ("call" in capability.uses or capability.ports) and function.method != "GET":
                found.append(f"{service}.{name}")
    return found


class Step(NamedTuple):
    """The n-th step that a function passes in a run."""

    number: int
    side: Side


class Killer:
    """Counts the steps of one function and kills the process at one of them."""

    def __init__(self) -> None:
        self.world: World | None = None
        self._current: ContextVar[str] = ContextVar("function", default="")
        self.aim("", None)

    def aim(self, function: str, at: Step | None, first: tuple[str, Step] | None = None) -> None:
        """Count this function's steps and kill at one of them; before that another one at a step of its own."""
        self._aims = [*([first] if first else []), (function, at)]
        self._function, self._passed = function, Counter[str]()

    @property
    def passed(self) -> int:
        """How many steps of the function were passed."""
        return self._passed[self._function]

    @property
    def struck(self) -> bool:
        """Whether every kill was done."""
        return not self._aims

    @contextmanager
    def running(self, invocation: Invocation) -> Iterator[None]:
        provider = invocation.provider
        token = self._current.set(f"{getattr(provider, 'name', '')}.{invocation.capability.name}")
        try:
            yield
        finally:
            self._current.reset(token)

    @contextmanager
    def step(self, service: str | None = None) -> Iterator[None]:
        name = self._current.get()
        counts = self.world is not None and self.world.strikes.armed and not self.world.strikes.dying
        if not counts or service not in (None, name.partition(".")[0]):
            yield
            return
        number = self._passed[name]
        self._passed[name] += 1
        self._die_at(name, Step(number, "before"))
        yield
        self._die_at(name, Step(number, "after"))

    def _die_at(self, function: str, here: Step) -> None:
        if self._aims and self._aims[0] == (function, here) and self.world is not None:
            self._aims.pop(0)
            self.world.strikes.die()


class _Stepped:
    """A port, or a part of one, whose every deed is a step."""

    def __init__(self, real: Any, killer: Killer) -> None:
        self._real, self._killer = real, killer

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._real, name)
        if isinstance(value, _PLAIN):
            return value
        if not callable(value):
            return _Stepped(value, self._killer)

        def deed(*arguments: Any, **options: Any) -> Any:
            with self._killer.step():
                return value(*arguments, **options)

        return deed


@contextmanager
def watched(killer: Killer) -> Iterator[None]:
    """Have steps noticed, on top of the explorer's own seams."""

    def around(plain: Callable[..., Any]) -> Callable[..., Any]:
        def run(invocation: Invocation, *arguments: Any, **options: Any) -> Any:
            with killer.running(invocation):
                return plain(invocation, *arguments, **options)

        return run

    def commits(plain: Callable[..., bool]) -> Callable[..., bool]:
        def write(self: SqliteDatabase, *arguments: Any) -> bool:
            with killer.step(self.service):
                return plain(self, *arguments)

        return write

    def calls(plain: Callable[..., Any]) -> Callable[..., Any]:
        def send(self: HttpCalls, *arguments: Any) -> Any:
            with killer.step():
                return plain(self, *arguments)

        return send

    def ports(plain: Callable[..., Any]) -> Callable[..., Any]:
        return lambda self, kind: _Stepped(plain(self, kind), killer)

    with (
        patch.object(shared.http.wsgi, "answer_request", around(shared.http.wsgi.answer_request)),
        patch.object(shared.http.events, "apply_event", around(shared.http.events.apply_event)),
        patch.object(Invocation, "run", around(Invocation.run)),
        patch.object(SqliteDatabase, "_write", commits(SqliteDatabase._write)),
        patch.object(HttpCalls, "_send", calls(HttpCalls._send)),
        patch.object(Service, "port", ports(Service.port)),
    ):
        yield
