"""What text from outside may not hold: control characters, and marks that turn the direction of what follows.

They are invisible, and change how a log, a label or a page reads; some stores refuse them. Line breaks and tabs are
text; where one line is meant, a field's own type says so.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""C0 and C1 but tab, line feed and carriage return; line and paragraph separators; bidirectional overrides, embeddings
and isolates (UAX 9). The marks that Hebrew, Arabic and Persian need (U+200C to U+200F) stay."""
_MAY_HOLD = re.compile(
    rb"\\[bf]|\\u00(?:[01][0-9a-f]|7f|[89][0-9a-f])|\\u20(?:2[89a-e]|6[6-9])"
    rb"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]",
    re.IGNORECASE,
)
"""What JSON or a table in UTF-8 holds if a text in it is refused: one look at the bytes spares a walk through most."""


def may_hold_controls(raw: bytes) -> bool:
    """Whether a closer look is needed; False is certain."""
    return _MAY_HOLD.search(raw) is not None


def controls_in(value: Any) -> Iterator[tuple[str, str]]:
    """Yield where, in JSON that was read, text holds what is refused, and which: `("address.city", "U+0007")`."""
    left = [("", value)]
    while left:
        where, each = left.pop()
        if isinstance(each, str):
            if found := _REFUSED.search(each):
                yield where or "body", f"U+{ord(found[0]):04X}"
        elif isinstance(each, dict):
            left += [(_below(where, name), below) for name, below in reversed(each.items())]
            left += [(_below(where, "a name"), name) for name in each if _REFUSED.search(name)]
        elif isinstance(each, list):
            left += [(_below(where, str(at)), below) for at, below in reversed([*enumerate(each)])]


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def without_controls(raw: bytes) -> bytes:
    """Return JSON with a space for each character that is refused; what is no JSON as it came."""
    try:
        return json.dumps(_spaced(json.loads(raw))).encode()
    except (ValueError, RecursionError):
        return raw


def _spaced(value: Any) -> Any:
    if isinstance(value, str):
        return _REFUSED.sub(" ", value)
    if isinstance(value, dict):
        return {_REFUSED.sub(" ", name): _spaced(below) for name, below in value.items()}
    return [_spaced(below) for below in value] if isinstance(value, list) else value
