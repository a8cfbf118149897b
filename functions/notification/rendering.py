"""From a template and facts to a subject and a text. Templates are named for the events they tell of."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.values.money import Money

FOLDER = Path(__file__).parent / "templates"


def render(template: str, facts: dict[str, object], language: str = "en") -> tuple[str, str]:
    """Return subject (the template's first line) and text; UndefinedError for a fact that the template misses."""
    text = _environment().get_template(f"{language}/{template}.txt").render(facts)
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


def _money(amount: Money) -> str:
    return f"{amount.amount} {amount.currency}"
