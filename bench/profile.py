"""Where the estate's time goes: `python -m bench.profile` samples its processes with py-spy while orders run through.

Two runs. "busy" samples threads that run or wait for the disk, "interpreter" those that hold Python's lock, which is
what keeps two workers from doing more. Threads that wait for work, locks or sockets don't count. Also counts the
fdatasyncs an order takes, by database. Sampling needs the right to trace other processes: root, or
`kernel.yama.ptrace_scope=0`. It slows the estate: read shares, not rates.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import client, orders
from bench.estate import ROOT, Estate
from bench.load import warm
from bench.processes import command, family

_RATE = 250
_SYNCS_WRITTEN_S = 1.2
Stack = tuple[str, list[str], int]
"""The process's role, its frames (outermost first), and how often they were seen."""


@dataclass
class Shares:
    """Samples by function: at the top of the stack (own) and anywhere on it (cumulative)."""

    total: int = 0
    own: Counter[str] = field(default_factory=Counter)
    cumulative: Counter[str] = field(default_factory=Counter)

    def add(self, frames: list[str], count: int) -> None:
        """Take one stack."""
        self.total += count
        self.own[frames[-1]] += count
        for frame in set(frames):
            self.cumulative[frame] += count


@dataclass
class Sync:
    """How often a database was synced, and how long that took, in seconds."""

    times: float = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Profile:
    """The stacks of one run, and the syncs by database and thread."""

    stacks: list[Stack]
    syncs: dict[tuple[str, str], Sync]


def record(count: int, clients: int, *, interpreter: bool) -> Profile:
    """Run `count` orders through an estate of its own and return what was seen."""
    with tempfile.TemporaryDirectory(prefix="boutique-bench-") as folder:
        places = Path(folder) / "stacks", Path(folder) / "syncs"
        for place in places:
            place.mkdir()
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "bench" / "syncs"), "BENCH_SYNCS": str(places[1])}
        with Estate(environment) as estate:
            warm(estate)
            load = orders.requests(estate.host, estate.token("gke-checkout"), 0, count)
            spies = [
                _attach(pid, places[0] / f"{role}-{pid}", interpreter=interpreter)
                for pid, role in roles(estate).items()
            ]
            time.sleep(_SYNCS_WRITTEN_S)
            before = _syncs(places[1])
            client.run(estate.port, load, clients)
            estate.await_idle(600)
            time.sleep(_SYNCS_WRITTEN_S)
            syncs = _less(_syncs(places[1]), before)
            for spy in spies:
                spy.send_signal(signal.SIGINT)
                spy.wait()
        stacks = [stack for path in places[0].iterdir() for stack in _stacks(path)]
    return Profile(stacks, syncs)


def roles(estate: Estate) -> dict[int, str]:
    """Return the estate's processes that do the work, by what they are."""
    found = {}
    for pid in family(estate.process.pid)[1:]:
        line = command(pid)
        if "resource_tracker" not in line:
            found[pid] = "background" if "background" in line else "web"
    return found


def _attach(pid: int, output: Path, *, interpreter: bool) -> "subprocess.Popen[bytes]":
    spy = str(Path(sys.executable).with_name("py-spy"))
    arguments = ["--pid", str(pid), "--rate", str(_RATE), "--format", "raw", "--function", "--full-filenames"]
    return subprocess.Popen(
        [spy, "record", *arguments, *(["--gil"] if interpreter else []), "--nonblocking", "--output", str(output)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _stacks(path: Path) -> Iterator[Stack]:
    role = path.name.split("-")[0]
    for line in path.read_text("utf-8").splitlines():
        stack, _, count = line.rpartition(" ")
        yield role, [_short(frame) for frame in stack.split(";")], int(count)


def _short(frame: str) -> str:
    """Shorten `run (/somewhere/site-packages/x/y.py:3)` to `x/y.py run`."""
    name, bracket, place = frame.partition(" (")
    if not bracket:
        return frame
    file = place.rsplit(":", 1)[0].rstrip(")").removeprefix(f"{ROOT}/")
    file = file.rpartition("site-packages/")[2]
    version = f"python{sys.version_info.major}.{sys.version_info.minor}/"
    return f"{file.rpartition(version)[2]} {name}"


def _syncs(folder: Path) -> dict[tuple[str, str], Sync]:
    found: dict[tuple[str, str], Sync] = {}
    for path in folder.glob("*.json"):
        for name, thread, times, seconds in json.loads(path.read_text("utf-8")):
            entry = found.setdefault((name.removesuffix(".db-wal"), _thread(thread)), Sync())
            entry.times += times
            entry.seconds += seconds
    return found


def _thread(name: str) -> str:
    return "request" if name in {"Dummy", "ThreadPoolExecutor"} else name


def _less(after: dict[tuple[str, str], Sync], before: dict[tuple[str, str], Sync]) -> dict[tuple[str, str], Sync]:
    zero = Sync()
    return {
        key: Sync(each.times - before.get(key, zero).times, each.seconds - before.get(key, zero).seconds)
        for key, each in after.items()
    }


def shares(stacks: Iterable[Stack], role: str) -> Shares:
    """Add up the stacks of one role."""
    found = Shares()
    for of, frames, count in stacks:
        if of == role:
            found.add(frames, count)
    return found


def by_work(stacks: Iterable[Stack]) -> Counter[str]:
    """Share samples out to what they were for: the first file of `functions/` on the stack, else their loop."""
    found: Counter[str] = Counter()
    for role, frames, count in stacks:
        own = [frame.split(" ")[0] for frame in frames if frame.startswith("functions/")]
        found[own[0] if own else _loop(role, frames)] += count
    return found


def _loop(role: str, frames: list[str]) -> str:
    code = [frame for frame in frames if frame.startswith("shared/")]
    return f"({role}) " + " > ".join(frame.split(" ")[-1] for frame in code[:4]) if code else f"({role}) not our code"


def _table(title: str, counted: Counter[str], total: int, lines: int) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column("share", justify="right")
    table.add_column("where", no_wrap=True)
    for name, count in counted.most_common(lines):
        table.add_row(f"{count / max(total, 1):.1%}", name)
    return table


def _show(console: Console, title: str, profile: Profile, lines: int) -> None:
    for role in ("web", "background"):
        found = shares(profile.stacks, role)
        console.print(_table(f"{title}, {role}: own, {found.total} samples", found.own, found.total, lines))
        console.print(_table(f"{title}, {role}: with callees", found.cumulative, found.total, 2 * lines))
    total = sum(count for _, _, count in profile.stacks)
    console.print(_table(f"{title}: by capability", by_work(profile.stacks), total, lines))


def _show_syncs(console: Console, syncs: dict[tuple[str, str], Sync], count: int) -> None:
    table = Table(title="fdatasync per order", title_justify="left")
    for column in ("database", "thread", "times", "ms", "ms each"):
        table.add_column(column, justify="left" if column in {"database", "thread"} else "right")
    rows = sorted(syncs.items(), key=lambda item: -item[1].seconds)
    rows.insert(0, (("all", ""), Sync(sum(s.times for s in syncs.values()), sum(s.seconds for s in syncs.values()))))
    for (name, thread), each in rows:
        if each.times / count >= 0.05:
            each_ms = each.seconds / each.times * 1000
            table.add_row(
                name, thread, f"{each.times / count:.2f}", f"{each.seconds / count * 1000:.2f}", f"{each_ms:.2f}"
            )
    console.print(table)


def main() -> int:
    """Profile two runs and print the shares."""
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("--orders", type=int, default=300)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--top", type=int, default=25, help="lines of each table")
    given = parser.parse_args()
    console = Console(width=150)
    busy = record(given.orders, given.clients, interpreter=False)
    _show(console, "busy", busy, given.top)
    _show_syncs(console, busy.syncs, given.orders)
    held = record(given.orders, given.clients, interpreter=True)
    _show(console, "interpreter", held, given.top)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
