"""Everything that a benchmark run found, beside what was to be reached."""

import statistics
from dataclasses import asdict, dataclass
from typing import Any

from bench.cost import MEMORY_GIB, SOURCE, USE, Cost, cost
from bench.hot_sku import Hot
from bench.latency import Latencies
from bench.load import Load
from bench.machine import Machine
from bench.startup import Start

LEAST_CONFIRMED = 0.99


@dataclass(frozen=True)
class Row:
    """A line of the table; `holds` says whether half the goal is reached, None where there is no goal."""

    what: str
    measured: str
    half: str = ""
    goal: str = ""
    holds: bool | None = None


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

    @property
    def failures(self) -> list[str]:
        """What makes the run a failure: too few orders confirmed, or an invariant that does not hold."""
        found = []
        for load in self.loads:
            if load.confirmed_share < LEAST_CONFIRMED:
                found.append(f"{load.clients} clients: {load.confirmed_share:.1%} confirmed, {load.statuses}")
            found += [f"{load.clients} clients: {each}" for each in load.violations]
        found += [f"hot SKU: {each}" for each in (self.hot.violations if self.hot else ())]
        return found

    @property
    def cost(self) -> Cost:
        """What 1,000 orders would cost, by the run with most clients."""
        return cost(self.loads[-1].cpu_ms, self.loads[-1].deliveries)

    def rows(self) -> list[Row]:
        """Return the table's lines: first what has a goal, then what explains it."""
        return [*self._goals(), *self._loads(), *self._orders(), *self._starts()]

    def plain(self) -> dict[str, Any]:
        """Return everything as JSON's types."""
        own = asdict(self) | {"failures": self.failures}
        own["usd_per_1000_orders"] = {name: str(value) for name, value in asdict(self.cost).items()}
        return own

    def _goals(self) -> list[Row]:
        one, most = self.loads[0], self.loads[-1]
        events = [each for times in self.latencies.events.values() for each in times]
        slowest = max(start.ratio for start in self.starts)
        ready = statistics.median(load.ready_s for load in self.loads)
        return [
            _at_least(f"orders accepted, {most.clients} clients", most.accepted_per_s, 200),
            _at_least(f"orders fully settled, {most.clients} clients", most.settled_per_s, 100),
            _at_most(f"checkout p50, {one.clients} client", one.p50_ms, 10, "ms"),
            _at_most(f"checkout p99, {one.clients} client", one.p99_ms, 40, "ms"),
            _at_most("event: commit to consumer's commit, p50", _percentile(events, 50), 8, "ms"),
            _at_most("event: commit to consumer's commit, p99", _percentile(events, 99), 40, "ms"),
            _at_most("first 200 of a function / of an empty one, slowest", slowest, 1.3, "x", half=1.6),
            _at_most("estate ready", ready, 3, "s"),
            _at_most(f"CPU per order, {most.clients} clients", most.cpu_ms, 20, "ms"),
            *([_hot(self.hot)] if self.hot else ()),
        ]

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
        rows = [Row(f"  {each.function} {each.route}", f"{each.ms:.0f} ms, {each.ratio:.2f} x") for each in self.starts]
        return [Row("first 200 of the empty function", f"{self.empty_ms:.0f} ms"), *rows]


DEFINITIONS = f"""\
* One order: three standard products, four pieces, a customer nobody knew before, paid with `tok_visa`. Each number of
  clients gets a fresh estate, as anybody starts it (`python -m shared.hosts.local --fulfil auto`), and {{warm}} orders
  to warm it.
* Accepted: confirmed 201s / (first byte sent to last answer), each client sending its next order when its last is
  answered, while deliveries and fulfilment run on the same cores. Settled: confirmed orders / (first byte sent to
  `/-/idle` answering 200, asked every 0.1 s). By then every order is delivered, captured, recognised as revenue and
  readable in the data warehouse: checked in sums over all orders (trial balance, control totals, daily sales,
  reconciliation, stock, dead letters) and by routes for a sample.
* Event latency: from checkout's commit of `order.confirmed` to the first commit that it causes in each of four
  consumers, on an idle estate, seen from outside in the databases' WAL indexes (0.1 to 0.2 ms coarse). The line with
  a goal takes all four together.
* Hot SKU: one product with 100 pieces at three locations, split over {{shards}} shards; 500 buyers of one piece from 16
  clients. Its rate is pieces sold until the last one was / time since the first byte sent; normal is that of 500
  buyers of one piece of nine well-stocked products, in the same estate just before.
* Commits: SQLite's own counter of each file, DuckDB's apart. CPU: user and kernel time of all the estate's processes
  from /proc until idle, the load client apart. fdatasync: median for one page in the same kind of folder just before.
* First 200: from starting the process to its first answer, each in an empty data folder; the slowest of {{probes}} is
  held to the goal.
* USD: {SOURCE}. Assumed:
  {MEMORY_GIB} GiB an instance, {USE:.0%} of its billed time at work; Firestore, Pub/Sub, BigQuery and traffic are not
  in it. It grows in a straight line with orders; more lines in an order raise CPU, hardly requests.
"""


def _at_least(what: str, measured: float, goal: float) -> Row:
    return Row(what, f"{measured:.1f}/s", f"{goal / 2:g}/s", f"{goal:g}/s", measured >= goal / 2)


def _at_most(what: str, measured: float, goal: float, unit: str, half: float | None = None) -> Row:
    most = goal * 2 if half is None else half
    return Row(what, f"{measured:.2f} {unit}", f"{most:g} {unit}", f"{goal:g} {unit}", measured <= most)


def _hot(hot: Hot) -> Row:
    what = f"hot SKU: {hot.buyers} buyers, {hot.pieces} pieces: sold, of the normal rate"
    return Row(what, f"{hot.sold}, {hot.share:.0%}", f"{hot.pieces}, 50%", "", hot.holds)


def _pair(times: list[float]) -> str:
    return f"{_percentile(times, 50):.1f}, {_percentile(times, 99):.1f} ms ({len(times)} samples)"


def _percentile(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]
