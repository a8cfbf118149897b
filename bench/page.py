"""The results for people: a table on the terminal, and docs/benchmarks.md."""

from rich.console import Console
from rich.table import Table

from bench.hot_sku import SHARDS
from bench.load import WARM
from bench.results import DEFINITIONS, Results, Row
from bench.startup import PROBES

_MARKS = {True: "yes", False: "no", None: ""}


def show(results: Results) -> None:
    """Print the table, and what failed."""
    table = Table(title=f"{results.date}: {results.machine}", title_justify="left")
    for column in ("what", "measured"):
        table.add_column(column, overflow="fold")
    for column in ("half goal", "goal", "half reached"):
        table.add_column(column, no_wrap=True)
    for row in results.rows():
        colour = {True: "green", False: "red", None: ""}[row.holds]
        table.add_row(row.what, row.measured, row.half, row.goal, _MARKS[row.holds], style=colour)
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
            f"Measured on {results.date} by `make bench ARGS=--write`: {results.machine}. Invariants: {verdict}.",
            "",
            "| what | measured | half goal | goal | half reached |",
            "| --- | --- | --- | --- | --- |",
            *(_line(row) for row in results.rows()),
            "",
            DEFINITIONS.format(warm=WARM, shards=SHARDS, probes=len(PROBES)),
        )
    )


def _line(row: Row) -> str:
    what = f"· {row.what.strip()}" if row.what.startswith(" ") else row.what
    return f"| {what} | {row.measured} | {row.half} | {row.goal} | {_MARKS[row.holds]} |"
