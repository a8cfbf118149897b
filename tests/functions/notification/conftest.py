"""A fresh database of notification, and the mailbox beside it."""

from collections.abc import Callable

import pytest

from functions.notification.mailbox import Mailbox
from shared.storage import Database


@pytest.fixture
def db(database_of: Callable[[str], Database]) -> Database:
    return database_of("notification")


@pytest.fixture
def mails(database_of: Callable[[str], Database]) -> Database:
    """What the mailbox keeps."""
    return database_of("mailbox")


@pytest.fixture
def mailbox(mails: Database) -> Mailbox:
    return Mailbox(mails)
