"""Under which VAT id and on which terms a customer is billed."""

import subprocess
import sys
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from functions.crm.billing import BillingProfile
from functions.crm.get_billing_profile import get_billing_profile
from functions.crm.set_billing_profile import SetBillingProfile, set_billing_profile
from functions.crm.vat_ids import vat_id_of
from shared.errors import Invalid, NotFound
from shared.storage import Database
from tests.functions.crm.people import register, stored


def agree(db: Database, customer_id: str, terms: str = "net_30", **more: Any) -> BillingProfile:
    command = SetBillingProfile.model_validate({"terms": terms, "by": "carol", **more})
    return db.transact(lambda tx: set_billing_profile(customer_id, command, tx))


@pytest.mark.parametrize("terms", ["prepaid", "net_14", "net_30"])
def test_terms_are_agreed_with_a_customer(db: Database, now: datetime, terms: str) -> None:
    ada = register(db, now)
    assert get_billing_profile(ada, db).terms == "prepaid"

    assert agree(db, ada, terms, vat_id="DE 136 695 976").vat_id == "DE136695976"

    profile = get_billing_profile(ada, db)
    assert (profile.terms, profile.vat_id) == (terms, "DE136695976")
    assert stored(db, ada).billing_by == "carol"


def test_what_was_agreed_is_the_whole_of_it(db: Database, now: datetime) -> None:
    ada = register(db, now)
    agree(db, ada, vat_id="DE136695976")

    assert agree(db, ada).vat_id is None


def test_a_checkout_says_a_vat_id_until_billing_has_set_one(db: Database, now: datetime) -> None:
    ada = register(db, now, vat_id="ATU57194903")
    agree(db, ada, vat_id="DE136695976")

    register(db, now, vat_id="ATU57194903")

    assert get_billing_profile(ada, db).vat_id == "DE136695976"


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("DE136695976", "DE136695976"),
        ("nl 4495445.b01", "NL004495445B01"),
        ("BE697449992", "BE0697449992"),
        ("EL 094259216", "EL094259216"),
        ("GB 980 7806 84", "GB980780684"),
        ("XI 980780684", "XI980780684"),
        ("CHE-107.787.577 IVA", "CHE107787577IVA"),
        ("NO 995 525 828 MVA", "NO995525828MVA"),
    ],
)
def test_a_vat_id_is_kept_without_separators(said: str, known: str) -> None:
    assert vat_id_of(said) == known


@pytest.mark.parametrize(
    "said",
    [
        "DE136695978",  # another check digit
        "DE13669597",
        "GB123456789",
        "US123456789",
        "136695976",
        "ZZ12",
        "....",
        "GBGB",
        "NO12",
        "DE13669597²",
    ],
)
def test_what_is_no_vat_id_is_refused_and_nothing_is_agreed(db: Database, now: datetime, said: str) -> None:
    ada = register(db, now)

    with pytest.raises(Invalid) as refused:
        agree(db, ada, vat_id=said)

    assert refused.value.extra["errors"][0]["field"] == "vat_id"
    assert get_billing_profile(ada, db).terms == "prepaid"


@pytest.mark.parametrize(
    "change", [{"terms": "net_60"}, {"terms": "net_14", "by": " "}, {"terms": "net_14", "vat_id": ""}]
)
def test_rejects_what_is_no_agreement(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        SetBillingProfile.model_validate({"by": "carol", **change})


def test_nobody_unknown_is_billed(db: Database) -> None:
    with pytest.raises(NotFound):
        agree(db, "cus_unknown")


def test_the_library_of_check_digits_is_loaded_when_it_is_needed() -> None:
    program = (
        "import sys, functions.crm.set_billing_profile, functions.crm.resolve_customer; print('stdnum' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "False"
