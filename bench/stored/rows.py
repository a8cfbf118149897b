"""The lines of the table about stored orders."""

from collections.abc import Callable
from statistics import median

from bench.goals import STORED, Row
from bench.latency import percentile
from bench.stored.comparison import Comparison, Stored

_MEASURES: tuple[tuple[str, str, bool, Callable[[Stored], float]], ...] = (
    ("orders accepted, 16 clients", "/s", True, lambda found: median(found.accepted_per_s)),
    ("orders fully settled, 16 clients", "/s", True, lambda found: median(found.settled_per_s)),
    ("checkout p50, 1 client", " ms", False, lambda found: percentile(found.one_client, 50)),
    ("checkout p99, 1 client", " ms", False, lambda found: percentile(found.one_client, 99)),
    ("event p50", " ms", False, lambda found: percentile(found.events, 50)),
    ("event p99", " ms", False, lambda found: percentile(found.events, 99)),
    ("estate ready", " s", False, lambda found: median(found.ready_s)),
    ("CPU per order, 16 clients", " ms", False, lambda found: median(found.cpu_ms)),
)


def goals(found: Comparison) -> list[Row]:
    """Return a line for each measure: how many times longer (or slower) with many stored orders than with few."""
    return [_goal(found, *measure) for measure in _MEASURES]


def _goal(found: Comparison, what: str, unit: str, rising: bool, read: Callable[[Stored], float]) -> Row:
    few, many = read(found.few), read(found.many)
    ratio = few / many if rising else many / few
    detail = f" ({few:.2f}, {many:.2f}{unit})"
    return STORED.row(f"{what}: at {found.many.orders:,} stored orders against {found.few.orders:,}", ratio, detail)


def rows(found: Comparison) -> list[Row]:
    """Return the lines that explain them."""
    few, many = found.few, found.many
    return [
        Row(
            f"stored orders: {few.orders:,}, {many.orders:,}: filled in, folder",
            f"{few.fill_s:.0f}, {many.fill_s:.0f} s; {few.mib / 1024:.2f}, {many.mib / 1024:.2f} GiB",
        ),
        Row(
            "  all invariants over the whole history; the reconciliation report alone",
            f"{few.checks_s:.1f}, {many.checks_s:.1f} s; {few.reconciliation_s:.1f}, {many.reconciliation_s:.1f} s",
        ),
        Row(
            "  rounds: accepted/s with few; with many",
            f"{_list(few.accepted_per_s)}; {_list(many.accepted_per_s)}",
        ),
        Row("  rounds: CPU per order, ms", f"{_list(few.cpu_ms)}; {_list(many.cpu_ms)}"),
    ]


def _list(numbers: list[float]) -> str:
    return ", ".join(f"{number:.1f}" for number in numbers)
