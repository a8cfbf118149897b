"""How a customer wants to be told, what they agreed to, and how we know."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from functions.crm.contact import Contact
from functions.crm.get_contact import get_contact
from functions.crm.list_consents import list_consents
from functions.crm.set_preferences import SetPreferences, set_preferences
from shared.errors import Invalid, NotFound
from shared.events import Envelope
from shared.http.models import Caller
from shared.storage import Database
from tests.functions.crm.people import register

HOUR = timedelta(hours=1)
PHONE, TOKEN = "+4915112345678", "fcm:device-1"
WANTED = {"language": "de", "channels": ["email", "sms"], "marketing": True, "phone": PHONE}


def want(db: Database, customer_id: str, at: datetime, **changes: Any) -> Contact:
    command = SetPreferences.model_validate({**WANTED, **changes})
    return db.transact(lambda tx: set_preferences(customer_id, command, tx, Caller("gke-checkout"), at))


def test_who_never_said_anything_is_written_to_in_english_by_mail_without_marketing(
    db: Database, now: datetime
) -> None:
    ada = register(db, now)

    assert get_contact(ada, db).model_dump(mode="json") == {
        "customer_id": ada,
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "language": "en",
        "channels": ["email"],
        "marketing": False,
        "phone": None,
        "device_tokens": [],
    }


def test_what_was_said_is_how_they_are_reached_and_is_kept_with_its_source(db: Database, now: datetime) -> None:
    ada = register(db, now)

    answer = want(db, ada, now, device_tokens=[TOKEN, TOKEN], channels=["sms", "push", "sms"], source="sign-up page")

    assert answer == get_contact(ada, db)
    assert (answer.language, answer.channels, answer.marketing) == ("de", ("sms", "push"), True)
    assert (answer.phone, answer.device_tokens) == (PHONE, (TOKEN,))
    assert {(each.what, each.said, each.source) for each in list_consents(ada, db).items} == {
        ("language", "de", "sign-up page"),
        ("channels", "sms, push", "sign-up page"),
        ("marketing", "agreed", "sign-up page"),
        ("phone", "given", "sign-up page"),
        ("device_tokens", "1 given", "sign-up page"),
    }


def test_only_what_changes_is_added_to_the_history(
    db: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    ada = register(db, now)
    want(db, ada, now)
    want(db, ada, now + HOUR)
    want(db, ada, now + 2 * HOUR, marketing=False)

    newest = list_consents(ada, db).items[0]
    assert (newest.what, newest.said, newest.source, newest.at) == (
        "marketing",
        "refused",
        "gke-checkout",
        now + 2 * HOUR,
    )
    assert len(list_consents(ada, db).items) == 5
    events = [each for each in emitted(db) if each.type == "customer.preferences_changed"]
    assert [each.data for each in events] == [
        {"customer_id": ada, "language": "de", "channels": ["email", "sms"], "marketing": True},
        {"customer_id": ada, "language": "de", "channels": ["email", "sms"], "marketing": False},
    ]


def test_a_no_that_was_assumed_is_written_down_when_it_is_said(db: Database, now: datetime) -> None:
    ada = register(db, now)

    want(db, ada, now, language="en", channels=["email"], marketing=False, phone=None)

    assert {(each.what, each.said) for each in list_consents(ada, db).items} == {
        ("language", "en"),
        ("channels", "email"),
        ("marketing", "refused"),
    }


def test_neither_number_nor_token_is_in_the_history_or_an_event(
    db: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    ada = register(db, now)
    want(db, ada, now, device_tokens=[TOKEN], channels=["sms", "push"])

    told = "".join(each.model_dump_json() for each in (*emitted(db), list_consents(ada, db)))
    assert PHONE not in told
    assert TOKEN not in told


@pytest.mark.parametrize(
    ("change", "field"), [({"phone": None}, "phone"), ({"channels": ["push"]}, "device_tokens")], ids=str
)
def test_a_channel_that_leads_nowhere_is_refused(
    db: Database, now: datetime, change: dict[str, Any], field: str
) -> None:
    ada = register(db, now)

    with pytest.raises(Invalid) as refused:
        want(db, ada, now, **change)

    assert refused.value.extra["errors"][0]["field"] == field
    assert list_consents(ada, db).items == []


@pytest.mark.parametrize(
    "change",
    [
        {"language": "German"},
        {"channels": ["fax"]},
        {"phone": "0151 12345678"},
        {"phone": "+49151\n1234567"},
        {"device_tokens": ["a b"]},
        {"device_tokens": ["t"] * 21},
        {"marketing": None},
    ],
    ids=str,
)
def test_rejects_what_is_no_preference(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SetPreferences.model_validate({**WANTED, **change})


def test_nobody_unknown_has_preferences(db: Database, now: datetime) -> None:
    with pytest.raises(NotFound):
        want(db, "cus_unknown", now)
