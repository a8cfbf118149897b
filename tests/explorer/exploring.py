"""Runs schedules, many in one estate, and shrinks what fails to the least that fails."""

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

from tests.explorer import memory as memory_files
from tests.explorer.faults import installed
from tests.explorer.invariants import Books, of_the_estate
from tests.explorer.schedules import ASK, COMMIT, PUBLISH, PUSH, Fault, Moments, Schedule
from tests.explorer.stories import STORIES, Actor, Unanswered
from tests.explorer.world import Restless, World

T = TypeVar("T")
TOGETHER = 40
"""So many orders share an estate, one after the other: their sweep and the books of the whole are looked at once."""
MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Failure:
    """The schedules, in their order, by which an invariant is broken, and how."""

    schedules: tuple[Schedule, ...]
    violations: tuple[str, ...]

    def __str__(self) -> str:
        text = "; ".join(map(str, self.schedules))
        lines = [f"schedule: {text}", *(f"  {each}" for each in self.violations[:8])]
        return "\n".join([*lines, f"""replay:   make explore ARGS="--replay '{text}'\""""])


@cache
def memory() -> Path | None:
    """Where files are memory, if the machine has that."""
    return MEMORY if MEMORY.is_dir() else None


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="explore-", dir=memory()))
    try:
        yield made
    finally:
        memory_files.forget(made)
        shutil.rmtree(made, ignore_errors=True)


class Explorer:
    """Estates made from one template, which has its opening data."""

    def __init__(self, template: Path) -> None:
        self._template = template
        self.ran = 0
        self.struck: dict[str, int] = {}
        world = World(template)
        world.come_to_rest()
        world.close()

    def moments(self, story: str) -> Moments:
        """Count what an undisturbed run of a story has of each kind of moment; AssertionError if it is not clean."""
        with self.world() as world:
            for number in range(2):  # what is made on first use counts nothing
                found = self.one(world, Schedule(story, number))
                assert not found, (story, found)
            counted = world.strikes.moments
            return {kind: counted[kind] for kind in (ASK, COMMIT, PUBLISH, PUSH)}

    def together(self, schedules: Sequence[Schedule]) -> Failure | None:
        """Run schedules one after the other in one estate; the first failure, or None."""
        with self.world() as world:
            for number, schedule in enumerate(schedules):
                found = self.one(world, schedule)
                if found:
                    return Failure(tuple(schedules[: number + 1]), tuple(found))
            found = of_the_estate(world)
            return Failure(tuple(schedules), tuple(found)) if found else None

    def smallest(self, failure: Failure, alone: bool = True) -> Failure:
        """Shrink: fewer orders, then fewer faults, then fewer repeats, for as long as something is broken."""
        if alone and len(failure.schedules) > 1:
            for each in reversed(failure.schedules):
                found = self.together([each])
                if found:
                    return self.smallest(found)
        failure = self._least(failure, list(failure.schedules), tuple)
        for number, schedule in enumerate(failure.schedules):

            def whole(
                faults: Sequence[Fault], number: int = number, kept: tuple[Schedule, ...] = failure.schedules
            ) -> tuple[Schedule, ...]:
                fewer = replace(kept[number], faults=tuple(faults))
                return (*kept[:number], fewer, *kept[number + 1 :])

            failure = self._least(failure, list(schedule.faults), whole)
        return failure

    def _least(self, failure: Failure, parts: list[T], whole: Callable[[Sequence[T]], tuple[Schedule, ...]]) -> Failure:
        """Leave out halves, quarters, and at last single parts (ddmin)."""
        size = max(1, len(parts) // 2)
        while True:
            start = 0
            while start < len(parts):
                fewer = parts[:start] + parts[start + size :]
                found = self.together(whole(fewer)) if whole(fewer) else None
                if found:
                    failure, parts = found, fewer
                else:
                    start += size
            if size == 1:
                return failure
            size = max(1, size // 2)

    def one(self, world: World, schedule: Schedule) -> list[str]:
        """Run one order; return what is wrong with it once all is at rest."""
        since = world.time.now
        world.begin(schedule)
        actor = Actor(world, schedule)
        try:
            STORIES[schedule.story][0](actor)
            world.come_to_rest()
            struck = list(world.strikes.struck)
            world.strikes.rest()
            world.release()
            world.come_to_rest()
        except (Unanswered, Restless) as error:
            return [f"{type(error).__name__}: {error}"]
        self.ran += 1
        for each in struck:
            self.struck[each.kind] = self.struck.get(each.kind, 0) + 1
        return list(Books(world, actor, since).of_the_run())

    @contextmanager
    def world(self) -> Iterator[World]:
        """A fresh estate."""
        with folder() as data:
            world = World(data, self._template)
            try:
                yield world
            finally:
                world.close()


@contextmanager
def exploring() -> Iterator[Explorer]:
    """An explorer, with the seams in place and the services' logs silent."""
    logging.disable(logging.CRITICAL)
    try:
        with installed(), folder() as template:
            yield Explorer(template)
    finally:
        logging.disable(logging.NOTSET)


def first_failure(explorer: Explorer, schedules: Iterable[Schedule]) -> Failure | None:
    """Run them, batch by batch; the first failure, not yet shrunk."""
    left = iter(schedules)
    while batch := list(islice(left, TOGETHER)):
        found = explorer.together(batch)
        if found:
            return found
    return None
