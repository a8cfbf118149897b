"""What functions are typed with: bodies, answers, and what the edge tells them about their invocation.

Models build their validators when these are first used (`defer_build`, under a lock of pydantic's): a process imports
many and uses few.
"""

import json
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict

from shared.errors import BadRequest, BoutiqueError, Invalid
from shared.storage.database import Transaction
from shared.values.clock import Timestamp
from shared.values.text import controls_in, may_hold_controls

HTML = "text/html"
PAGE_HEADERS = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
)
"""Of every page: it runs no script, is in no other page's frame, and what it tells of a person is kept nowhere."""
RENDERINGS = {
    "text/csv": "to_csv",
    HTML: "to_html",
    "image/svg+xml": "to_svg",
    "application/pdf": "to_pdf",
}
"""What an answer may be asked for as, by `Accept`: the method of the answer that writes it, as text or bytes."""


class Command(BaseModel):
    """The body of a request; unknown fields are refused by name, and control characters in any text."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True, defer_build=True
    )

    @classmethod
    def from_json(cls, raw: bytes) -> Self:
        """Read JSON; Invalid for text with control characters, ValidationError for what is no such body."""
        if may_hold_controls(raw):
            _refuse_controls(raw)
        return cls.model_validate_json(raw)


def refuse_controls(value: Any) -> None:
    """Raise Invalid, by field, for text in what was read that holds control characters."""
    found = [(where, f"holds the control character {which}; leave it out") for where, which in controls_in(value)]
    if found:
        raise Invalid(*found)


def _refuse_controls(raw: bytes) -> None:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return  # who validates it says what is wrong with it
    refuse_controls(value)


class Form(Command):
    """The body of a page's form: fields as text."""

    @classmethod
    def from_form(cls, raw: bytes) -> Self:
        """Read `application/x-www-form-urlencoded`; BadRequest when a field comes twice."""
        try:
            pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=50)
        except ValueError as error:
            raise BadRequest("the body is not a form") from error
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise BadRequest("a field of the form comes twice")
        refuse_controls(fields)
        return cls.model_validate(fields)


class Answer(BaseModel):
    """The body of an answer."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, defer_build=True)

    answers: ClassVar[int | None] = None
    """The status of this answer, where it is not its row's: a refusal in the body that a foreign caller expects."""


class Items(BaseModel):
    """A list answer without its items: subclasses add `items: list[…]`. `next_cursor` asks for the rest."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, defer_build=True)

    next_cursor: str | None = None


class ControlTotals(Answer):
    """What a service's own documents add up to, by name: counts and minor units; only what happened until `until`."""

    service: str
    until: Timestamp
    totals: dict[str, int]


class ContentHash(Answer):
    """What identifies a service's content, and how many documents or rows of each collection went into it."""

    service: str
    counts: dict[str, int]
    hash: str


class View(BaseModel):
    """Another service's answer, as far as this service needs it: fields it doesn't name are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, defer_build=True)


@dataclass(frozen=True)
class Caller:
    """Who called: a service's name, `gke-checkout`, `operator`, `push` or `scheduler`.

    `person` is who is signed in where people are told apart: an e-mail address.
    """

    name: str
    person: str | None = None


class Receipt(Protocol):
    """The record that this request or event was handled, for functions that take `db` and have effects outside.

    `token` names the record; whoever finishes the work later (a sweep) passes it to `receipt_of`.
    """

    token: str
    subject: str | None
    recorded: bool

    def begin(self, tx: Transaction, subject: str) -> None:
        """Note, in the intent transaction, what this request is about (its order id)."""

    def record(self, tx: Transaction, answer: BaseModel | BoutiqueError | None = None) -> None:
        """Write, in the result transaction, that this was handled, with the answer or refusal to give again."""

    def forget(self, tx: Transaction) -> None:
        """Clear the record, so that the same key starts anew."""
