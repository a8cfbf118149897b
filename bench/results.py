"""Everything that a benchmark run found, beside what was to be reached."""

import statistics
from dataclasses import asdict, dataclass
from typing import Any

from bench import goals
from bench.cost import Cost, cost
from bench.goals import Row
from bench.hot_sku import Hot
from bench.latency import Latencies, percentile
from bench.load import Load
from bench.machine import Machine
from bench.peers import rows as peer_rows
from bench.peers.vendure import Peer
from bench.startup import Start
from bench.stored import rows as stored_rows
from bench.stored.comparison import Comparison

LEAST_CONFIRMED = 0.99


@dataclass(frozen=True)
class Results:
    """One run of the benchmark. `date` is the day in UTC."""

    date: str
    machine: Machine
    loads: list[Load]
    latencies: Latencies
    empty_ms: float
    starts: list[Start]
    hot: Hot | None = None
    stored: Comparison | None = None
    peer: Peer | str | None = None
    """The peer of this run, or why it was left out."""

    @property
    def failures(self) -> list[str]:
        """What makes the run a failure: too few orders confirmed, or an invariant that does not hold."""
        found = []
        for load in self.loads:
            if load.confirmed_share < LEAST_CONFIRMED:
                found.append(f"{load.clients} clients: {load.confirmed_share:.1%} confirmed, {load.statuses}")
            found += [f"{load.clients} clients: {each}" for each in load.violations]
        found += [f"hot SKU: {each}" for each in (self.hot.violations if self.hot else ())]
        for each in (self.stored.few, self.stored.many) if self.stored else ():
            found += [f"{each.orders} stored orders: {wrong}" for wrong in each.violations]
        return found

    @property
    def cost(self) -> Cost:
        """What 1,000 orders would cost, by the run with most clients."""
        return cost(self.loads[-1].cpu_ms, self.loads[-1].deliveries)

    def rows(self) -> list[Row]:
        """Return the table's lines: first what has a goal, then what explains it."""
        stored = stored_rows.rows(self.stored) if self.stored else ()
        peers = peer_rows.rows(self.peer, self.loads)
        return [*self._goals(), *self._loads(), *self._orders(), *stored, *peers, *self._starts()]

    def plain(self) -> dict[str, Any]:
        """Return everything as JSON's types."""
        own = asdict(self) | {"failures": self.failures}
        own["usd_per_1000_orders"] = {name: str(value) for name, value in asdict(self.cost).items()}
        return own

    def _goals(self) -> list[Row]:
        one, most = self.loads[0], self.loads[-1]
        events = [each for times in self.latencies.events.values() for each in times]
        ready = statistics.median(load.ready_s for load in self.loads)
        return [
            goals.ACCEPTED.row(f"orders accepted, {most.clients} clients", most.accepted_per_s),
            goals.SETTLED.row(f"orders fully settled, {most.clients} clients", most.settled_per_s),
            goals.CHECKOUT_P50.row(f"checkout p50, {one.clients} client", one.p50_ms),
            goals.CHECKOUT_P99.row(f"checkout p99, {one.clients} client", one.p99_ms),
            goals.EVENT_P50.row("event: commit to consumer's commit, p50", percentile(events, 50)),
            goals.EVENT_P99.row("event: commit to consumer's commit, p99", percentile(events, 99)),
            *self._start_goals(),
            goals.READY.row("estate ready", ready),
            goals.CPU.row(f"CPU per order, {most.clients} clients", most.cpu_ms),
            *(stored_rows.goals(self.stored) if self.stored else ()),
            *peer_rows.goals(self.peer, self.loads),
            *([_hot(self.hot)] if self.hot else ()),
        ]

    def _start_goals(self) -> list[Row]:
        """Hold the slowest start to its goal, for each of the parts that have one and were there."""
        rows = []
        for parts, goal in goals.STARTS.items():
            if found := [each.ratio for each in self.starts if each.parts == parts]:
                rows.append(goal.row(f"first 200 of a function / of an empty one, slowest, {parts}", max(found)))
        return rows

    def _loads(self) -> list[Row]:
        return [
            row
            for each in self.loads
            for row in (
                Row(
                    f"{each.clients} clients, {each.orders} orders: accepted, settled",
                    f"{each.accepted_per_s:.1f}/s, {each.settled_per_s:.1f}/s; {each.confirmed_share:.1%} confirmed",
                ),
                Row(
                    "  checkout p50, p95, p99; fdatasync then",
                    f"{each.p50_ms:.1f}, {each.p95_ms:.1f}, {each.p99_ms:.1f} ms; {each.sync_p50_ms:.2f} ms",
                ),
                Row(
                    "  CPU per order: user, kernel; client beside",
                    f"{each.user_ms:.1f}, {each.system_ms:.1f} ms; {each.client_ms:.2f} ms",
                ),
                Row("  cores that others on this machine took", f"{each.others_cores:.2f}"),
            )
        ]

    def _orders(self) -> list[Row]:
        most, times = self.loads[-1], self.latencies
        busiest = sorted(most.commits.items(), key=lambda item: -item[1])[:4]
        pss = "not readable" if most.pss_mib is None else f"{most.pss_mib:.0f} MiB"
        price = self.cost
        return [
            Row("checkout p50, p99, one order at a time on an idle estate", _pair(times.checkouts)),
            *(Row(f"  order.confirmed to {name}: p50, p99", _pair(found)) for name, found in times.events.items()),
            Row(
                "events, deliveries per order; repeated",
                f"{most.events:.1f}, {most.deliveries:.1f}; {most.redeliveries}",
            ),
            Row("commits per order", f"{most.all_commits:.1f}"),
            Row("  most in", ", ".join(f"{name} {number:.1f}" for name, number in busiest)),
            Row(f"memory of {most.processes} processes after the load: RSS, PSS", f"{most.rss_mib:.0f} MiB, {pss}"),
            Row("data folder grows per order", f"{most.disk_kib:.0f} KiB"),
            Row(
                "USD per 1,000 orders: CPU + memory + requests",
                f"{price.cpu:.4f} + {price.memory:.4f} + {price.requests:.4f} = {price.total:.4f}",
            ),
        ]

    def _starts(self) -> list[Row]:
        rows = [
            Row(f"  {each.function} {each.route}, {each.parts}", f"{each.ms:.0f} ms, {each.ratio:.2f} x")
            for each in self.starts
        ]
        return [Row("first 200 of the empty function", f"{self.empty_ms:.0f} ms"), *rows]


def _hot(hot: Hot) -> Row:
    what = f"hot SKU: {hot.buyers} buyers, {hot.pieces} pieces: sold, of the normal rate"
    return Row(what, f"{hot.sold}, {hot.share:.0%}", goal=f"{hot.pieces}, 50%", reached="goal" if hot.holds else "no")


def _pair(times: list[float]) -> str:
    return f"{percentile(times, 50):.1f}, {percentile(times, 99):.1f} ms ({len(times)} samples)"
