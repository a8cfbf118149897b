"""Vendure on SQLite: its whole checkout of three products by its own shop API, from 1, 4 and 16 clients.

It is installed from the npm registry into a folder outside the repository, once (some minutes). An order takes nine
requests; by the last it is paid. Shipping, books and mail, which our orders' CPU holds too, it doesn't do then.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.peers.installation import NAME, installed, server
from bench.peers.shop import Shop
from bench.processes import usage

_WARM = 20


@dataclass(frozen=True)
class Rate:
    """What a number of clients got: whole checkouts a second, times in ms, CPU in ms an order (its process alone)."""

    clients: int
    orders_per_s: float
    checkout_p50_ms: float
    last_step_p50_ms: float
    cpu_ms: float


@dataclass(frozen=True)
class Peer:
    """Vendure on this machine; `start_s` from starting the process to "ready", on a database that is filled."""

    name: str
    start_s: float
    memory_mib: float
    rates: list[Rate]


def measure(count: int, clients: tuple[int, ...], tell: Callable[[str], None]) -> Peer:
    """Run `count` orders at each number of clients; Absent with the reason where it can't be run."""
    folder = installed(tell)
    with tempfile.TemporaryDirectory(prefix="boutique-bench-") as data:
        with server(folder, Path(data)):
            pass  # fills the database; the server that is measured starts like any other day
        with server(folder, Path(data)) as (process, port, start_s):
            shop = Shop(port)
            _many(shop, 2, _WARM)
            rates = []
            for number in clients:
                tell(f"{NAME}: {number} clients, {count} orders")
                rates.append(_rate(shop, process.pid, number, count))
            return Peer(NAME, start_s, usage(process.pid).rss_mib, rates)


def _rate(shop: Shop, pid: int, clients: int, count: int) -> Rate:
    before, began = usage(pid).cpu_s, time.perf_counter()
    times = _many(shop, clients, count)
    took, cpu = time.perf_counter() - began, usage(pid).cpu_s - before
    whole, last = zip(*times, strict=True)
    return Rate(
        clients,
        count / took,
        statistics.median(whole) * 1000,
        statistics.median(last) * 1000,
        cpu / count * 1000,
    )


def _many(shop: Shop, clients: int, count: int) -> list[tuple[float, float]]:
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(shop.order, range(count)))
