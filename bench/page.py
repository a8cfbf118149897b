"""The results for people: a table on the terminal, and docs/benchmarks.md."""

from dataclasses import astuple

from rich.console import Console
from rich.table import Table

from bench.definitions import DEFINITIONS
from bench.goals import Row
from bench.hot_sku import SHARDS
from bench.load import WARM
from bench.peers.published import PUBLISHED, Published
from bench.results import Results
from bench.stored.comparison import ROUNDS, TEMPLATE

_COLOURS = {"beyond": "bold green", "goal": "green", "half": "yellow", "no": "red", "": ""}
_MARKS = ("half goal", "goal", "beyond", "reached")


def show(results: Results) -> None:
    """Print the table, and what failed."""
    table = Table(title=f"{results.date}: {results.machine}", title_justify="left")
    for column in ("what", "measured"):
        table.add_column(column, overflow="fold")
    for column in _MARKS:
        table.add_column(column, no_wrap=True)
    for row in results.rows():
        table.add_row(*astuple(row), style=_COLOURS[row.reached])
    console = Console(width=150)
    console.print(table)
    for failure in results.failures:
        console.print(f"FAILED {failure}", style="bold red", markup=False)


def markdown(results: Results) -> str:
    """Return docs/benchmarks.md."""
    verdict = "all held" if not results.failures else "FAILED: " + "; ".join(results.failures)
    return "\n".join(
        (
            "# Benchmarks",
            "",
            f"Measured on {results.date} by `make bench ARGS='{_arguments(results)}'`: {results.machine}. "
            f"Invariants: {verdict}.",
            "",
            f"| what | measured | {' | '.join(_MARKS)} |",
            "| --- | --- | --- | --- | --- | --- |",
            *(_line(row) for row in results.rows()),
            "",
            DEFINITIONS.format(
                warm=WARM,
                shards=SHARDS,
                template=TEMPLATE,
                rounds=ROUNDS,
                published="\n".join(_published(each) for each in PUBLISHED),
            ),
        )
    )


def _arguments(results: Results) -> str:
    stored = f" --stored {results.stored.many.orders}" if results.stored else ""
    return f"--write{stored}{' --peers' if results.peer else ''}"


def _line(row: Row) -> str:
    what = f"· {row.what.strip()}" if row.what.startswith(" ") else row.what
    return f"| {' | '.join((what, *astuple(row)[1:]))} |"


def _published(peer: Published) -> str:
    rates = ", ".join(f"{rate:g}" for rate in peer.orders_per_s)
    return (
        f"  * {peer.name}: {rates} orders/s at 1, 4, 16 clients; whole checkout p50 {peer.checkout_p50_ms:g} ms, "
        f"its last step {peer.last_step_p50_ms:g} ms; {peer.cpu_ms:g} ms CPU an order."
    )
