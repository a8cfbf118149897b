"""Sweeps are passed over only where they would have done nothing: here they run all the same."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.explorer.exploring import Explorer, exploring
from tests.explorer.schedules import LASTING, MINUTES, Fault, Schedule
from tests.explorer.stories import STORIES
from tests.explorer.sweeps import RELAY, Sweeps, commits
from tests.explorer.world import World


@pytest.fixture(scope="module")
def explorer() -> Iterator[Explorer]:
    with exploring() as explorer:
        yield explorer


def run_all_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[Counter[str], list[str]]:
    """Run what is passed over; return what was, and what of it did something."""
    passed_over, did_something = Counter[str](), []
    has_work = Sweeps.has_work

    def doubted(self: Sweeps, service: str, function: str) -> bool:
        busy = has_work(self, service, function)
        if not busy:
            passed_over[f"{service}.{function}"] += 1
            before = commits.total(), len(world.requests) + 1
            reply = world.scheduled(service, function)
            if reply is None or reply.status != 200 or (commits.total(), len(world.requests)) != before:
                did_something.append(f"{service}.{function}: {reply}")
        return busy

    monkeypatch.setattr(Sweeps, "has_work", doubted)
    return passed_over, did_something


@pytest.mark.parametrize("kind", ["", "die-after-commit", "deferred", *LASTING])
def test_what_is_passed_over_would_have_done_nothing(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    with explorer.world() as world:
        passed_over, did_something = run_all_the_same(world, monkeypatch)
        for number, story in enumerate(STORIES):
            faults = (Fault(kind, MINUTES[1] if kind in LASTING else number),) if kind else ()
            assert explorer.one(world, Schedule(story, 0, faults)) == []
        assert did_something == []
        assert passed_over.keys() >= {f"{service}.{name}" for service, name in world.sweeps.all if name != RELAY}
