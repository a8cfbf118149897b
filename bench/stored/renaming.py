"""New names for a copy of documents: every id, time, address and number of it changes, alike in keys and bodies.

Ids keep their prefix and stay sortable: the time in them moves with all other times of the copy, the random part stays.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from operator import itemgetter

from shared.values.clock import rfc3339

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {sign: value for value, sign in enumerate(_CROCKFORD)}
_FORMS = {
    "ulid": r"(?<=_)[0-7][0-9A-HJKMNP-TV-Z]{25}",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z",
    "day": r"(?<=\")\d{4}-\d\d-\d\d(?=\")",
    "number": r"(?<![\w-])[a-z]{2}-[a-z]{2}-20\d\d-\d{6}(?!\d)",
    "digest": r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{32})(?![0-9a-f])",
    "email": r"buyer\d+@bench\.example",
    "tracking": r"(?<=OBP)\d{18,24}",
}
TOKEN = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items()))


class Tokens:
    """The tokens of all texts that are to be copied, each once, and what becomes of them in a copy."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._kinds: list[str] = []

    def pattern(self, text: str) -> "Pattern":
        """Take in a text; its pattern writes it anew with a copy's tokens."""
        numbers, literals, end = [], [], 0
        for found in TOKEN.finditer(text):
            literals.append(text[end : found.start()].replace("%", "%%"))
            numbers.append(self._number(found.group(), str(found.lastgroup)))
            end = found.end()
        literals.append(text[end:].replace("%", "%%"))
        return Pattern("%s".join(literals), numbers)

    def _number(self, token: str, kind: str) -> int:
        number = self._numbers.setdefault(token, len(self._numbers))
        if number == len(self._kinds):
            self._kinds.append(kind)
        return number

    def renamed(self, copy: int, back: timedelta, originals: int) -> list[str]:
        """Return every token's name in copy number `copy` (from 1), which lies `back` in the past.

        `originals` is how many invoice numbers the originals have: a copy continues the series after those before it.
        """
        emails = {_sha256(each): _sha256(_email(each, copy)) for each in self._of("email")}
        mask = hashlib.sha256(f"copy {copy}".encode()).hexdigest()
        change: dict[str, Callable[[str], str]] = {
            "ulid": lambda token: _earlier(token, int(back / timedelta(milliseconds=1))),
            "time": lambda token: rfc3339(datetime.fromisoformat(token) - back),
            "day": lambda token: f"{datetime.fromisoformat(token) - back:%Y-%m-%d}",
            "number": lambda token: f"{token[:-6]}{int(token[-6:]) + copy * originals:06d}",
            "digest": lambda token: emails.get(token) or _masked(token, mask),
            "email": lambda token: _email(token, copy),
            "tracking": lambda token: str(int(token) + copy * 7919).zfill(len(token))[-len(token) :],
        }
        return [change[kind](token) for token, kind in zip(self._numbers, self._kinds, strict=True)]

    def _of(self, kind: str) -> list[str]:
        return [token for token, own in zip(self._numbers, self._kinds, strict=True) if own == kind]


class Pattern:
    """A text with its tokens taken out."""

    def __init__(self, literal: str, numbers: list[int]) -> None:
        self._literal = literal
        self._one = len(numbers) == 1
        self._take = itemgetter(*numbers) if numbers else None
        self.copied = bool(numbers)

    def written(self, names: list[str]) -> str:
        """Return the text with these names for its tokens."""
        if self._take is None:
            return self._literal % ()
        taken = self._take(names)
        return self._literal % ((taken,) if self._one else taken)


def _earlier(ulid: str, milliseconds: int) -> str:
    """Move the 48 bits of time, which are the first ten characters."""
    time = 0
    for sign in ulid[:10]:
        time = time * 32 + _VALUES[sign]
    time -= milliseconds
    signs = [_CROCKFORD[time >> shift & 31] for shift in range(45, -1, -5)]
    return "".join(signs) + ulid[10:]


def _masked(digest: str, mask: str) -> str:
    return f"{int(digest, 16) ^ int(mask[: len(digest)], 16):0{len(digest)}x}"


def _email(address: str, copy: int) -> str:
    return address.replace("@", f".{copy}@", 1)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
