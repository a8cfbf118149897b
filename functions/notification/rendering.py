"""From a template and facts to a subject and a text. Templates are named for the events they tell of."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from shared.values.money import Money

FOLDER = Path(__file__).parent / "templates"
LOCALES = {"en": "en_US", "de": "de_DE"}


def render(template: str, facts: Mapping[str, Any], language: str = "en") -> tuple[str, str]:
    """Return subject (the template's first line) and text; UndefinedError for a fact that the template misses."""
    text = _environment().get_template(f"{language}/{template}.txt").render(facts, locale=LOCALES[language])
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip() + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(  # noqa: S701  (plain text: nothing to escape)
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["money"] = _money
    return environment


@pass_context
def _money(context: Context, amount: Money | dict[str, str]) -> str:
    """Write an amount as people of the locale do; facts that were kept as JSON are amounts, too."""
    known = amount if isinstance(amount, Money) else Money.of(amount["amount"], amount["currency"])
    return _written(known, str(context["locale"]))


@lru_cache(maxsize=4096)
def _written(amount: Money, locale: str) -> str:
    from babel.numbers import format_currency  # noqa: PLC0415  (only a process that writes to customers needs it)

    written: str = format_currency(amount.decimal, amount.currency, locale=locale)
    return written.replace("\xa0", " ")
