"""The demo's tables."""

from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.hosts.local.demo.answers import Reconciliation, TrialBalance
from shared.hosts.local.demo.story import Story
from shared.hosts.local.demo.timeline import steps
from shared.hosts.local.demo.totals import Change

WIDEST = 110
"""A line that is longer is hard to read, however wide the screen."""


def say(console: Console, text: str, style: str = "") -> None:
    """Print a line as it is; brackets in it are no markup."""
    console.print(Text(text, style=style))


def heading(console: Console, text: str) -> None:
    """Print a title with a rule under it."""
    console.print()
    console.print(Text(text, style="bold"))


def order_table(story: Story) -> Table:
    """Return an order's steps."""
    table = _plain()
    table.add_column("ms", justify="right", style="cyan", min_width=5)
    table.add_column("who", style="bold", min_width=16, no_wrap=True)
    table.add_column("does", ratio=1)
    for step in steps(story):
        table.add_row(f"{step.ms:.0f}", step.who, Text(step.what))
    return table


def services_table(deeds: Mapping[str, str], change: Change) -> Table:
    """Return what each service did, and how many events it was told of."""
    table = _plain()
    table.add_column("service", style="bold", min_width=16, no_wrap=True)
    table.add_column("events heard", justify="right", style="cyan", width=6)
    table.add_column("did", ratio=1)
    for service, deed in deeds.items():
        table.add_row(service, str(change.heard(service) or "–"), Text(deed))
    return table


def trial_balance(books: TrialBalance) -> Table:
    """Return every account, and each currency's sums."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("account", style="bold", min_width=24)
    for name in ("debit", "credit", "balance"):
        table.add_column(name, justify="right", min_width=13, no_wrap=True)
    table.add_column("", no_wrap=True)
    currencies = sorted({account.currency for account in books.accounts}, reverse=True)
    for currency in currencies:
        own = [account for account in books.accounts if account.currency == currency]
        for each in own:
            table.add_row(
                each.account, *(_grouped(m.amount) for m in (each.debit, each.credit, each.balance)), currency
            )
        sums = [sum((getattr(each, side) for each in own[1:]), getattr(own[0], side)) for side in _SIDES]
        table.add_row("all accounts", *(_grouped(m.amount) for m in sums), currency, style="bold", end_section=True)
    return table


_SIDES = ("debit", "credit", "balance")


def reconciled(found: Reconciliation) -> str:
    """Return the reconciliation in a sentence, with every difference."""
    if not found.differences:
        return f"{found.checked} totals of the services' own documents, compared with the events: none differs."
    return "\n".join(f"  {difference}" for difference in found.differences)


def order_title(number: int, story: Story) -> str:
    """Return what an order is about, and how it ended."""
    order, answer = story.documents.order, story.accepted
    status = order.status if order else story.basket.ending
    total = f", {answer['total']['amount']} {answer['total']['currency']}" if answer else ""
    return f"{number} {story.basket.title}: {status}{total}. {story.basket.about[0].upper()}{story.basket.about[1:]}."


def _plain() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)


def _grouped(amount: str) -> str:
    whole, point, cents = amount.partition(".")
    return f"{int(whole):,}{point}{cents}" if whole != "-0" else amount
