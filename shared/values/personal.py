"""Personal data, marked by type: whatever a log line, a report or an erasure has to know about."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError


class Personal:
    """The mark: `Annotated[str, Personal()]` says that a field tells something about a person."""


def _normalised_email(text: str) -> str:
    local, at, domain = text.strip().rpartition("@")
    if not (at and local and "." in domain.strip(".")) or any(c.isspace() or ord(c) < 33 for c in text.strip()):
        raise PydanticCustomError("email", "expected an e-mail address such as ada@example.com")
    return f"{local}@{domain}".lower()


PersonalText = Annotated[str, Personal()]
Email = Annotated[str, StringConstraints(min_length=3, max_length=254), AfterValidator(_normalised_email), Personal()]
"""An e-mail address, trimmed and in lower case: the form by which a customer is found."""
