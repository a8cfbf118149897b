"""Personal data, marked by type: whatever a log line, a report or an erasure has to know about."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

_EMAIL = re.compile(r"[^\s\x00-\x20\x7f@]+@[^\s\x00-\x20\x7f@.]+(\.[^\s\x00-\x20\x7f@.]+)+")


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Personal:
    """The mark: `Annotated[str, Personal()]` says that a field tells something about a person."""


def _normalised_email(text: str) -> str:
    trimmed = text.strip().lower()
    if not _EMAIL.fullmatch(trimmed):
        raise PydanticCustomError("email", "expected an e-mail address such as ada@example.com")
    return trimmed


def _printable(text: str) -> str:
    if _CONTROL.search(text):
        raise PydanticCustomError("control_characters", "expected text without line breaks or control characters")
    return text


PersonalText = Annotated[str, Personal()]
PersonalName = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_printable), Personal()]
"""A name as a person writes it, on one line: it ends up on labels and invoices, and at the head of e-mails."""
Email = Annotated[str, StringConstraints(min_length=3, max_length=254), AfterValidator(_normalised_email), Personal()]
"""An e-mail address, trimmed and in lower case: the form by which a customer is found."""
