"""One run: a fresh estate, some orders to warm it, then orders from a number of clients until all has happened."""

import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench import client, commits, orders
from bench.disk import sync_ms
from bench.estate import Estate
from bench.invariants import Sold, violations
from bench.processes import busy_s, folder_mib

WARM = 32
WARM_FROM = 10_000_000
_PER_ORDER_S = 1.0
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Load:
    """What a run of `orders` orders from `clients` clients measured. Times in ms, per order where it says so."""

    clients: int
    orders: int
    confirmed_share: float
    statuses: dict[str, int]
    accepted_per_s: float
    settled_per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    user_ms: float
    system_ms: float
    client_ms: float
    events: float
    deliveries: float
    redeliveries: int
    commits: dict[str, float]
    ready_s: float
    rss_mib: float
    pss_mib: float | None
    processes: int
    disk_kib: float
    sync_p50_ms: float
    others_cores: float
    violations: list[str]
    latencies_ms: list[float]

    @property
    def cpu_ms(self) -> float:
        """CPU per order of all the estate's processes, user and kernel mode."""
        return self.user_ms + self.system_ms

    @property
    def all_commits(self) -> float:
        """SQLite commits per order over all databases."""
        return sum(self.commits.values())


@dataclass(frozen=True)
class _Reading:
    """Everything that only ever grows, read while the estate is idle."""

    user_s: float
    system_s: float
    events: int
    deliveries: int
    redeliveries: int
    commits: dict[str, int]
    disk_mib: float


def _read(estate: Estate) -> _Reading:
    used = estate.usage()
    rows = estate.get("/-/subscriptions")["items"]
    kept = [row for row in rows if row["service"] == "data_warehouse" and row["function"] == "collect_event"]
    return _Reading(
        used.user_s,
        used.system_s,
        sum(row["delivered"] for row in kept),
        sum(row["delivered"] for row in rows),
        sum(row["retried"] for row in rows),
        commits.counts(estate.data),
        folder_mib(estate.data),
    )


def measure(clients: int, count: int, tell: Tell) -> Load:
    """Run `count` orders from `clients` clients through a fresh estate."""
    with Estate() as estate:
        tell(f"{clients} clients: ready after {estate.ready_s:.2f} s; {count} orders")
        answers = warm(estate)
        return within(estate, clients, 0, count, lambda placed: violations(estate, Sold.of(answers + placed)))


def within(
    estate: Estate, clients: int, first: int, count: int, check: Callable[[list[dict[str, Any]]], list[str]]
) -> Load:
    """Run the orders from number `first` on through a warm estate; `check` gets the confirmed answers at the end."""
    sync = sync_ms()
    before, busy = _read(estate), busy_s()
    load = orders.requests(estate.host, estate.token("gke-checkout"), first, count)
    outcome = client.run(estate.port, load, clients)
    settled_s = estate.await_idle(60 + count * _PER_ORDER_S) - outcome.began
    after, busy = _read(estate), busy_s() - busy
    used_s = after.user_s + after.system_s - before.user_s - before.system_s + outcome.client_cpu_s
    memory = estate.usage()
    accepted = [json.loads(each) for each in outcome.bodies if b'"order_id"' in each]
    confirmed = [each for each in accepted if each.get("status") == "confirmed"]
    percent = statistics.quantiles(outcome.latencies, n=100, method="inclusive")
    return Load(
        clients=clients,
        orders=count,
        confirmed_share=len(confirmed) / count,
        statuses=_statuses(outcome, confirmed),
        accepted_per_s=len(confirmed) / (outcome.ended - outcome.began),
        settled_per_s=len(confirmed) / settled_s,
        p50_ms=percent[49] * 1000,
        p95_ms=percent[94] * 1000,
        p99_ms=percent[98] * 1000,
        user_ms=(after.user_s - before.user_s) / count * 1000,
        system_ms=(after.system_s - before.system_s) / count * 1000,
        client_ms=outcome.client_cpu_s / count * 1000,
        events=(after.events - before.events) / count,
        deliveries=(after.deliveries - before.deliveries) / count,
        redeliveries=after.redeliveries - before.redeliveries,
        commits={
            name: round((number - before.commits.get(name, 0)) / count, 2)
            for name, number in after.commits.items()
            if number != before.commits.get(name, 0)
        },
        ready_s=estate.ready_s,
        rss_mib=memory.rss_mib,
        pss_mib=memory.pss_mib,
        processes=memory.processes,
        disk_kib=(after.disk_mib - before.disk_mib) / count * 1024,
        sync_p50_ms=sync,
        others_cores=max(0.0, busy - used_s) / settled_s,
        violations=check(confirmed),
        latencies_ms=[round(each * 1000, 3) for each in outcome.latencies],
    )


def warm(estate: Estate, first: int = WARM_FROM) -> list[dict[str, Any]]:
    """Place some orders that count for nothing, until every process has loaded what it needs; returns their answers."""
    token = estate.token("gke-checkout")
    outcome = client.run(estate.port, orders.requests(estate.host, token, first, WARM), 4)
    estate.await_idle(60)
    answers = [json.loads(body) for body in outcome.bodies]
    return [answer for answer in answers if answer.get("status") == "confirmed"]


def _statuses(outcome: client.Outcome, confirmed: list[dict[str, Any]]) -> dict[str, int]:
    found = {str(status): number for status, number in sorted(outcome.statuses.items())}
    return found | {"confirmed": len(confirmed)}
