"""The same load on an estate with few stored orders and on one with many: what a history costs.

Both are filled from copies of one template. They take turns, few many many few…, so that whatever else changes on the
machine meanwhile meets both alike; each figure is the median of its rounds, percentiles are taken over all of them.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import latency, load
from bench.estate import Estate
from bench.invariants import Sold, violations
from bench.processes import folder_mib
from bench.stored import filling, template

TEMPLATE, ROUNDS = 500, 4
FEW = 1000
_SINGLES_FROM, _ONE_FROM, _MANY_FROM = 20_000_000, 60_000_000, 80_000_000
_QUIET_CORES, _QUIET_S = 0.15, 60.0
Tell = Callable[[str], None]


@dataclass
class Stored:
    """An estate with so many stored orders: what filling it took, every round's findings, and its checks at the end."""

    orders: int
    fill_s: float
    mib: float
    ready_s: list[float] = field(default_factory=list)
    singles: list[float] = field(default_factory=list)
    events: list[float] = field(default_factory=list)
    one_client: list[float] = field(default_factory=list)
    accepted_per_s: list[float] = field(default_factory=list)
    settled_per_s: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    checks_s: float = 0.0
    reconciliation_s: float = 0.0
    violations: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """Both estates after all rounds."""

    few: Stored
    many: Stored
    rounds: int


@dataclass
class _Filled:
    """A filled folder, what its customers were told, and the findings."""

    folder: Path
    sold: Sold
    found: Stored


def compare(stored: int, tell: Tell, *, rounds: int = ROUNDS, size: int = 1) -> Comparison:
    """Fill and measure; the load of a round is divided by `size`. Needs about 60 KiB of disk a stored order."""
    with tempfile.TemporaryDirectory(prefix="boutique-bench-") as root:
        originals = min(TEMPLATE, FEW // 2, stored // 2)
        tell(f"stored orders: {originals} real ones to copy")
        made = template.make(Path(root) / "many", originals)
        template.copy_of(made.folder, Path(root) / "few")
        few = _filled(made, Path(root) / "few", FEW, tell)
        many = _filled(made, Path(root) / "many", stored, tell)
        for turn in range(rounds):
            again = _renewed(few, Path(root) / "few again")
            for estate in (again, many) if turn % 2 == 0 else (many, again):
                tell(f"round {turn + 1} of {rounds}, {estate.found.orders} stored orders")
                _round(estate, turn, size)
        for estate in (again, many):
            _check(estate)
        return Comparison(few.found, many.found, rounds)


def _filled(made: template.Template, folder: Path, stored: int, tell: Tell) -> _Filled:
    copies = stored // made.count - 1
    began = time.perf_counter()
    filling.fill(made, folder, copies)
    took = time.perf_counter() - began
    found = Stored(made.count * (copies + 1), took, folder_mib(folder))
    tell(f"{found.orders} stored orders: filled in {took:.0f} s, {found.mib / 1024:.2f} GiB")
    sold = Sold(ids=[order_id for order_id in made.sold.ids for _ in range(copies + 1)])
    sold.cents.update({part: cents * (copies + 1) for part, cents in made.sold.cents.items()})
    return _Filled(folder, sold, found)


def _renewed(estate: _Filled, folder: Path) -> _Filled:
    """Return the estate as it was filled: the rounds would make few orders many."""
    shutil.rmtree(folder, ignore_errors=True)
    template.copy_of(estate.folder, folder)
    return _Filled(folder, Sold(estate.sold.pieces.copy(), estate.sold.cents.copy(), [*estate.sold.ids]), estate.found)


def _round(estate: _Filled, turn: int, size: int) -> None:
    """Start it, wait until it has nothing to do of itself, and load it."""
    offset, found = turn * 100_000, estate.found
    with Estate(data=estate.folder) as running:
        found.ready_s.append(running.ready_s)
        _await_quiet(running)
        _add(estate.sold, load.warm(running, load.WARM_FROM + offset))
        answers: list[bytes] = []
        singles = latency.measure(running, _SINGLES_FROM + offset, 60 // size, answers.append)
        _add(estate.sold, [json.loads(each) for each in answers])
        found.singles += singles.checkouts
        found.events += [each for times in singles.events.values() for each in times]
        check = _adding(estate.sold)
        one = load.within(running, 1, _ONE_FROM + offset, 300 // size, check)
        found.one_client += one.latencies_ms
        many = load.within(running, 16, _MANY_FROM + offset, 600 // size, check)
        found.accepted_per_s.append(many.accepted_per_s)
        found.settled_per_s.append(many.settled_per_s)
        found.cpu_ms.append(many.cpu_ms)


def _await_quiet(estate: Estate) -> None:
    """Wait, at most a minute, until the work of a start is done: schedules that are due, the hourly check."""
    estate.await_idle(120)
    until = time.perf_counter() + _QUIET_S
    while time.perf_counter() < until:
        before = estate.usage().cpu_s
        time.sleep(2)
        if (estate.usage().cpu_s - before) / 2 < _QUIET_CORES:
            return


def _adding(sold: Sold) -> Callable[[list[dict[str, Any]]], list[str]]:
    def add(confirmed: list[dict[str, Any]]) -> list[str]:
        _add(sold, confirmed)
        return []

    return add


def _add(sold: Sold, answers: list[dict[str, Any]]) -> None:
    more = Sold.of(answers)
    sold.pieces += more.pieces
    sold.cents += more.cents
    sold.ids += more.ids


def _check(estate: _Filled) -> None:
    """Hold every sum against what customers were told, the history included, and time it."""
    with Estate(data=estate.folder) as running:
        running.await_idle(120)
        began = time.perf_counter()
        estate.found.violations = violations(running, estate.sold)
        estate.found.checks_s = time.perf_counter() - began
        began = time.perf_counter()
        running.get("/data_warehouse/reports/reconciliation")
        estate.found.reconciliation_s = time.perf_counter() - began
