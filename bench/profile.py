"""Where the estate's time goes: `python -m bench.profile` samples its processes with py-spy while orders run through.

Samples are of threads that run or wait for the disk; those waiting for work, locks or sockets don't count. Sampling
needs the right to trace other processes: root, or `kernel.yama.ptrace_scope=0`. Results are shares of the samples.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import client, orders
from bench.estate import Estate
from bench.processes import command, family

_RATE = 250
_WARM = 40
Stack = tuple[list[str], int]


@dataclass
class Shares:
    """Samples by function: at the top of the stack (own) and anywhere on it (cumulative)."""

    total: int = 0
    own: Counter[str] = field(default_factory=Counter)
    cumulative: Counter[str] = field(default_factory=Counter)

    def add(self, frames: list[str], count: int) -> None:
        """Take one stack, outermost frame first, seen `count` times."""
        self.total += count
        self.own[frames[-1]] += count
        for frame in set(frames):
            self.cumulative[frame] += count


def roles(estate: Estate) -> dict[int, str]:
    """Return the estate's Python processes that do the work, by what they are."""
    found = {}
    for pid in family(estate.process.pid)[1:]:
        line = command(pid)
        if "resource_tracker" not in line:
            found[pid] = "background" if "background" in line else "web"
    return found


def record(estate: Estate, count: int, clients: int) -> list[tuple[str, Stack]]:
    """Run `count` orders through the estate and return the stacks of all processes, each with its process's role."""
    first = orders.requests(estate.host, estate.token("gke-checkout"), 10_000_000, _WARM)
    client.run(estate.port, first, 4)
    estate.await_idle(60)
    load = orders.requests(estate.host, estate.token("gke-checkout"), 0, count)
    with tempfile.TemporaryDirectory() as folder:
        running = [_attach(pid, Path(folder) / f"{role}-{pid}") for pid, role in roles(estate).items()]
        client.run(estate.port, load, clients)
        estate.await_idle(600)
        for spy in running:
            spy.send_signal(signal.SIGINT)
            spy.wait()
        return [(path.name.split("-")[0], stack) for path in Path(folder).iterdir() for stack in _read(path)]


def _attach(pid: int, output: Path) -> "subprocess.Popen[bytes]":
    spy = str(Path(sys.executable).with_name("py-spy"))
    arguments = ["--pid", str(pid), "--rate", str(_RATE), "--format", "raw", "--function", "--full-filenames"]
    return subprocess.Popen(
        [spy, "record", *arguments, "--threads", "--nonblocking", "--output", str(output)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _read(path: Path) -> Iterator[Stack]:
    for line in path.read_text("utf-8").splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [_short(frame) for frame in stack.split(";")]
        yield frames, int(count)


def _short(frame: str) -> str:
    """Shorten `run (/somewhere/site-packages/x/y.py:3)` to `x/y.py run`; a thread's frame stays."""
    name, bracket, place = frame.partition(" (")
    if not bracket or frame.startswith("thread "):
        return frame
    file = place.rsplit(":", 1)[0].rstrip(")")
    for mark in ("site-packages/", "python3.11/", "python3.12/", "python3.13/"):
        file = file.rpartition(mark)[2]
    root = f"{Path(__file__).parents[1]}/"
    return f"{file.removeprefix(root)} {name}"


def shares(stacks: Iterable[tuple[str, Stack]], role: str | None = None) -> Shares:
    """Add up stacks, of one role or of all."""
    found = Shares()
    for of, (frames, count) in stacks:
        code = [frame for frame in frames if not frame.startswith("thread ")]
        if code and role in {None, of}:
            found.add(code, count)
    return found


def by_work(stacks: Iterable[tuple[str, Stack]]) -> Counter[str]:
    """Share samples out to the capability they served: the innermost file of `functions/`, else the thread's loop."""
    found: Counter[str] = Counter()
    for role, (frames, count) in stacks:
        own = [frame for frame in frames if frame.startswith("functions/")]
        named = own[-1].split(" ")[0] if own else _loop(role, frames)
        found[named] += count
    return found


def _loop(role: str, frames: list[str]) -> str:
    code = [frame for frame in frames if frame.startswith("shared/")]
    return f"[{role}] {code[min(2, len(code) - 1)]}" if code else f"[{role}] outside our code"


def _table(title: str, counted: Counter[str], total: int, lines: int) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("share", justify="right")
    table.add_column("where", no_wrap=True)
    for name, count in counted.most_common(lines):
        table.add_row(f"{count / total:.1%}", name)
    return table


def main() -> int:
    """Profile one run and print the shares."""
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("--orders", type=int, default=300)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--top", type=int, default=25, help="lines of each table")
    given = parser.parse_args()
    with Estate() as estate:
        stacks = record(estate, given.orders, given.clients)
    console = Console(width=150)
    for role in ("web", "background"):
        found = shares(stacks, role)
        console.print(_table(f"{role}: own time, {found.total} samples", found.own, found.total, given.top))
        console.print(_table(f"{role}: with callees", found.cumulative, found.total, given.top * 2))
    total = shares(stacks).total
    console.print(_table("by capability", by_work(stacks), total, given.top))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
