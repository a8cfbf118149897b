"""The demo's tables and sentences."""

from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.hosts.local.demo.answers import grouped
from shared.hosts.local.demo.books import Account, Reconciliation, TrialBalance
from shared.hosts.local.demo.story import Story
from shared.hosts.local.demo.timeline import steps
from shared.hosts.local.demo.totals import Change
from shared.values.money import Money

WIDEST = 100
"""A line that is longer is hard to read, however wide the screen."""


def say(console: Console, text: str, style: str = "") -> None:
    """Print a line as it is; brackets in it are no markup."""
    console.print(Text(text, style=style))


def heading(console: Console, title: str, about: str) -> None:
    """Print a title after an empty line, and what it is about below."""
    say(console, f"\n{title}", "bold")
    say(console, about, "dim")


def order_table(story: Story) -> Table:
    """Return an order's steps."""
    table = _table()
    table.add_column("ms", justify="right", style="cyan", min_width=4, no_wrap=True)
    table.add_column("who", style="bold", min_width=16, no_wrap=True)
    table.add_column("does", ratio=1)
    for step in steps(story):
        table.add_row(f"{step.ms:.0f}", step.who, Text(step.what))
    return table


def services_table(deeds: Mapping[str, str], change: Change) -> Table:
    """Return what each service did, and how many events it was told of."""
    table = _table()
    table.add_column("service", style="bold", min_width=16, no_wrap=True)
    table.add_column("events", justify="right", style="cyan", no_wrap=True)
    table.add_column("did", ratio=1)
    for service, deed in deeds.items():
        table.add_row(service, str(change.heard(service) or "-"), Text(deed))
    return table


def trial_balance(books: TrialBalance) -> Table:
    """Return every account, and each currency's sums."""
    table = _table(expand=False)
    table.add_column("account", style="bold", min_width=22, no_wrap=True)
    for name in ("debit", "credit", "balance"):
        table.add_column(name, justify="right", min_width=13, no_wrap=True)
    table.add_column("", no_wrap=True)
    for currency in sorted({account.currency for account in books.accounts}, reverse=True):
        own = [account for account in books.accounts if account.currency == currency]
        for each in own:
            table.add_row(each.account, grouped(each.debit), grouped(each.credit), grouped(each.balance), currency)
        table.add_row("together", *(grouped(each) for each in _sums(own)), currency, style="bold", end_section=True)
    return table


def _sums(accounts: list[Account]) -> list[Money]:
    nothing = Money.zero(accounts[0].currency)
    sides = [(each.debit, each.credit, each.balance) for each in accounts]
    return [sum(side, nothing) for side in zip(*sides, strict=True)]


def reconciled(found: Reconciliation) -> str:
    """Return the reconciliation in a sentence, with every difference."""
    if not found.differences:
        return f"{found.checked} totals of the services' own documents match what the events add up to."
    return "\n".join(f"  {difference}" for difference in found.differences)


def order_title(number: int, story: Story) -> str:
    """Return which order it is, and how it ended."""
    order, answer = story.documents.order, story.accepted
    status = order.status if order else story.basket.ending
    total = f", {answer['total']['amount']} {answer['total']['currency']}" if answer else ""
    return f"Order {number}, {story.basket.title}: {status}{total}"


def _table(*, expand: bool = True) -> Table:
    return Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, expand=expand, header_style="dim")
