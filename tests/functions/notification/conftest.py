"""A fresh database of notification, and the mailbox beside it."""

from collections.abc import Callable

import pytest

from functions.notification.channels import Channels
from functions.notification.mailbox import Mailbox
from functions.notification.pocket import Pocket, PocketPushService, PocketTexter
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


@pytest.fixture
def channels(mails: Database, mailbox: Mailbox) -> Channels:
    """Every channel over embedded carriers."""
    pocket = Pocket(mails)
    return Channels(lambda: mailbox, lambda: PocketTexter(pocket), lambda: PocketPushService(pocket))
