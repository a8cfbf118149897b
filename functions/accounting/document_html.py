"""HTML of an invoice or credit note: one file without script; whatever customers wrote is escaped."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from functions.accounting.document import Document
from functions.accounting.printed import printed


def html(document: Document) -> str:
    """Return the page."""
    return _template().render(page=printed(document))


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("document.html")
