"""From answers to pages: Jinja templates that escape everything, one style sheet, no script."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_datetime
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from shared.values.clock import rfc3339
from shared.values.money import Money

FOLDER = Path(__file__).parent / "templates"


def page(template: str, **facts: Any) -> str:
    """Render a page; UndefinedError for a fact that the template misses."""
    return _environment().get_template(template).render(style=_style(), here=Path(template).stem, **facts)


def money(amount: Money | None) -> str:
    """Write an amount as people read it; nothing for None."""
    return "" if amount is None else str(format_currency(amount.decimal, amount.currency, locale="en_US"))


def moment(at: datetime | None) -> str:
    """Write a time in UTC, to the second, and for machines."""
    if at is None:
        return ""
    written = format_datetime(at, "d MMM y, HH:mm:ss", locale="en_GB")
    return Markup('<time datetime="{}">{}\N{NO-BREAK SPACE}UTC</time>').format(rfc3339(at), written)


def milliseconds(value: float | None) -> str:
    """Write a duration or an offset with the unit that fits it."""
    if value is None:
        return ""
    if value < 1_000:
        return f"{value:.1f} ms"
    return f"{value / 1_000:.2f} s" if value < 120_000 else f"{value / 60_000:.0f} min"


def grams(weight: int) -> str:
    """Write a weight with the unit that fits it."""
    return f"{weight} g" if weight < 1_000 else f"{weight / 1_000:.1f} kg"


def words(name: str) -> str:
    """Write a name of the code as words."""
    return name.replace("_", " ")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(money=money, moment=moment, ms=milliseconds, grams=grams, words=words)
    return environment


@lru_cache(maxsize=1)
def _style() -> str:
    return (FOLDER / "style.css").read_text("utf-8")
