"""Shows where each order is: a live table on a terminal, plain lines elsewhere."""

from types import TracebackType
from typing import Protocol, Self

from rich import box
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from shared.hosts.local.demo.journey import LEFT_OUT, PENDING, STEPS

_PER_SECOND = 20
CAPTION = "Numbers: milliseconds from sending the order to that step; - is not needed."


class Progress(Protocol):
    """Whoever shows how the orders get on."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def reach(self, title: str, step: str, how: str) -> None:
        """Show that an order is at a step: PENDING when it begins, then its time, or a word if it ended there."""


def progress(console: Console, titles: list[str]) -> Progress:
    """Return what suits the console."""
    return LiveProgress(console, titles) if console.is_terminal else PlainProgress(console)


class LiveProgress:
    """A table that fills up."""

    def __init__(self, console: Console, titles: list[str]) -> None:
        self._cells: dict[str, dict[str, str]] = {title: {} for title in titles}
        self._live = Live(console=console, refresh_per_second=_PER_SECOND, get_renderable=lambda: table(self._cells))

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._live.__exit__(kind, error, at)

    def reach(self, title: str, step: str, how: str) -> None:
        """Fill one cell; the display refreshes by itself."""
        self._cells[title] = {**self._cells[title], step: how}


class PlainProgress:
    """One line per step."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass

    def reach(self, title: str, step: str, how: str) -> None:
        """Print a step once it is over; steps that are not needed are not worth a line."""
        if how not in (PENDING, LEFT_OUT):
            self._console.print(Text(line(title, step, how)))


def line(title: str, step: str, how: str) -> str:
    """Return one step as a line of text."""
    return f"  {title}: {step} after {how} ms" if how.isdecimal() else f"  {title}: {how}"


def table(cells: dict[str, dict[str, str]]) -> Table:
    """Return the orders as rows and the steps as columns; 80 columns are enough."""
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), caption=CAPTION, caption_justify="left")
    shown.add_column("order", min_width=15, no_wrap=True)
    for step in STEPS:
        shown.add_column(step, justify="right", min_width=8 if step == STEPS[0] else 6, no_wrap=True)
    for title, reached in cells.items():
        shown.add_row(Text(title, style="bold"), *(_cell(reached.get(step, "")) for step in STEPS))
    return shown


def _cell(how: str) -> Text:
    if how == PENDING:
        return Text(how, style="yellow")
    if how in ("", LEFT_OUT):
        return Text(how, style="dim")
    return Text(how, style="green" if how.isdecimal() else "bold red")
