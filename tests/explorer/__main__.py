"""make explore: run schedules until enough are clean, or shrink and print the first that is not.

ARGS="--schedules 10000 --seconds 600 --story held --seed 1 --jobs 2"
ARGS="--replay 'plain#7 lost@12x3 shuffle'"        several orders in one estate: separated by `;`
ARGS="--without outbox"                             with a mechanism switched off
"""

import argparse
import gc
import itertools
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any

from tests.explorer.exploring import TOGETHER, Explorer, Failure, exploring
from tests.explorer.planted import MECHANISMS, without
from tests.explorer.schedules import Moments, Schedule, all_of
from tests.explorer.stories import STORIES


def read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make explore", description="find the schedule that breaks it")
    parser.add_argument("--schedules", type=int, default=10_000, help="how many (10000)")
    parser.add_argument("--seconds", type=float, default=3600.0, help="at most so long (3600)")
    parser.add_argument("--story", choices=STORIES, action="append", help="these only; all if none is named")
    parser.add_argument("--seed", type=int, default=1, help="of the drawn schedules (1)")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes (2)")
    parser.add_argument("--replay", help="a schedule as it was printed")
    parser.add_argument("--without", choices=MECHANISMS, help="switch this off: a failure is expected")
    return parser.parse_args(arguments)


@dataclass
class Report:
    """What a process found."""

    ran: int = 0
    failure: Failure | None = None
    struck: Counter[str] = field(default_factory=Counter)


def batches(moments: dict[str, Moments], asked: argparse.Namespace, number: int) -> Iterator[list[Schedule]]:
    """Return every `jobs`th batch."""
    schedules = itertools.islice(all_of(moments, asked.seed), asked.schedules)
    for turn in itertools.count():
        batch = list(itertools.islice(schedules, TOGETHER))
        if not batch:
            return
        if turn % asked.jobs == number:
            yield batch


Part = Callable[[int, "Connection[Any, Any]"], None]
"""What a process does: its number, and whom it tells."""


def explore(
    explorer: Explorer,
    moments: dict[str, Moments],
    asked: argparse.Namespace,
    number: int,
    tell: "Connection[Any, Any]",
) -> None:
    """Run this process's part; tell after each batch how far it is, and at the end what broke."""
    until = time.monotonic() + asked.seconds
    with without(*MECHANISMS.get(asked.without, ())):
        for batch in batches(moments, asked, number):
            failure = explorer.together(batch)
            if failure is not None or time.monotonic() > until:
                tell.send(Report(explorer.ran, failure and explorer.smallest(failure), Counter(explorer.struck)))
                return
            tell.send(explorer.ran)
    tell.send(Report(explorer.ran, None, Counter(explorer.struck)))


def replay(asked: argparse.Namespace) -> int:
    try:
        schedules = [Schedule.read(each) for each in asked.replay.split(";")]
    except ValueError as error:
        raise SystemExit(str(error)) from None
    if unknown := [each.story for each in schedules if each.story not in STORIES]:
        raise SystemExit(f"no such story: {unknown[0]}; known: {', '.join(STORIES)}")
    with exploring() as explorer, without(*MECHANISMS.get(asked.without, ())):
        failure = explorer.together(schedules)
    print(failure or "clean")
    return 1 if failure else 0


def main(arguments: Sequence[str] | None = None) -> int:
    asked = read(arguments)
    if asked.replay:
        return replay(asked)
    began = time.monotonic()
    with exploring() as explorer:  # what a run has of moments is counted with everything in its place, once for all
        moments = {story: explorer.moments(story) for story in asked.story or STORIES}
        explorer.ran = 0
        explorer.struck.clear()
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)  # as web workers do
        reports = side_by_side(asked.jobs, partial(explore, explorer, moments, asked))
        gc.unfreeze()  # DuckDB complains at the end of what is left then
    took = time.monotonic() - began
    ran = sum(each.ran for each in reports)
    struck = sum((each.struck for each in reports), Counter[str]())
    faults = ", ".join(f"{kind} {count}" for kind, count in struck.most_common())
    print(f"\r{ran} schedules in {took:.0f} s, {ran / took * 60:.0f} a minute; faults that struck: {faults}")
    broken = [each.failure for each in reports if each.failure]
    for failure in broken[:1]:
        print(failure)
    print("broken" if broken else "all clean")
    return 1 if broken else 0


def side_by_side(jobs: int, part: Part) -> list[Report]:
    """Run the parts in processes of their own; one that finds something ends them all."""
    context = multiprocessing.get_context("fork")
    running: dict[Connection[Any, Any], Any] = {}
    for number in range(jobs):
        ours, theirs = context.Pipe()
        process = context.Process(target=part, args=(number, theirs), daemon=True)
        process.start()
        theirs.close()
        running[ours] = process
    reports: dict[Any, Report] = {}
    open_ends = list(running)
    while open_ends:
        for end in wait(open_ends):
            try:
                told = end.recv()  # type: ignore[union-attr]
            except EOFError:
                open_ends.remove(end)  # type: ignore[arg-type]
                continue
            reports[end] = told if isinstance(told, Report) else Report(told)
            if sys.stdout.isatty():
                print(f"\r{sum(each.ran for each in reports.values())} schedules", end="", flush=True)
            if reports[end].failure is not None:
                open_ends = []
                break
    for process in running.values():
        process.terminate()
        process.join()
        if process.exitcode not in (0, -15):
            raise SystemExit(f"a part of the explorer ended with {process.exitcode}")
    return list(reports.values())


if __name__ == "__main__":
    sys.exit(main())
