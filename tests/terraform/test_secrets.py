"""No plan, no file and no resource carries a secret; those that processes read have a place and one reader each."""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import pytest

from shared.settings import Settings
from tests.terraform.offline.terraform import STACKS, Terraform
from tests.terraform.planned import Plan, by, resources

CARRIERS = {
    "azuread_application_certificate",
    "azuread_application_password",
    "azuread_service_principal_password",
    "azurerm_key_vault_secret",
    "google_secret_manager_secret_version",
    "google_service_account_key",
    "random_password",
    "tls_private_key",
}
"""Resource types whose state holds what must stay secret."""
SECRET = re.compile(r"(password|secret_data|shared_key|shared_secret|access_key|private_key|client_secret|auth_token)$")
GIVEN_BY_THE_PLATFORM = {"identity_header"}
"""Azure makes it for each instance."""
PROJECT = "online-boutique-prod"


@pytest.fixture(scope="module")
def prod(plan: Callable[[str, str], Plan]) -> Plan:
    return plan("gcp", "prod")


def secrets(node: Any, path: str = "") -> Iterator[str]:
    """Yield where a plan has a value under a name that secrets have."""
    if isinstance(node, dict):
        for name, each in node.items():
            if SECRET.search(name) and isinstance(each, str) and each:
                yield f"{path}.{name}"
            yield from secrets(each, f"{path}.{name}")
    elif isinstance(node, list):
        for place, each in enumerate(node):
            yield from secrets(each, f"{path}[{place}]")


@pytest.mark.parametrize("stack", ["gcp", "azure"])
def test_no_plan_carries_a_secret(plan: Callable[[str, str], Plan], stack: str) -> None:
    planned = plan(stack, "prod")

    assert [found for each in planned["resource_changes"] for found in secrets(each["change"], each["address"])] == []
    assert {each["type"] for each in planned["resource_changes"]} & CARRIERS == set()


def test_a_pre_shared_key_would_be_seen(terraform: Callable[[str], Terraform]) -> None:
    planned = terraform("azure").plan("dev", vpn_shared_key="a" * 40)
    found = [each for change in planned["resource_changes"] for each in secrets(change["change"], change["address"])]

    assert len(found) == 2
    assert all(each.endswith(".after.shared_key") for each in found)
    marks = [
        each["change"]["after_sensitive"]["shared_key"]
        for each in planned["resource_changes"]
        if each["type"] == "azurerm_virtual_network_gateway_connection"
    ]
    assert marks == [True, True]


def test_no_file_of_an_environment_holds_a_secret() -> None:
    files = [*STACKS.glob("*/environments/*")]

    assert len(files) == 12
    for path in files:
        names = re.findall(r"^\s*(\w+)\s*=", path.read_text("utf-8"), re.MULTILINE)
        assert [name for name in names if SECRET.search(name) or name.endswith(("_key", "_token"))] == [], path.name


def test_secrets_that_settings_hide_have_a_place_each(prod: Plan) -> None:
    hidden = {each.name for each in fields(Settings) if not each.repr} - GIVEN_BY_THE_PLATFORM
    places = set(by("secret_id", prod, "google_secret_manager_secret")) - {"azure-vpn"}

    assert {name.replace("_", "-") for name in hidden} == places


@pytest.mark.parametrize(
    ("secret", "service"),
    [
        ("stripe-key", "payment"),
        ("shippo-token", "warehouse"),
        ("smtp", "notification"),
        ("twilio-token", "notification"),
    ],
)
def test_a_secret_is_read_by_one_service_alone(prod: Plan, secret: str, service: str) -> None:
    binding = by("secret_id", prod, "google_secret_manager_secret_iam_binding")[secret]

    assert binding["role"] == "roles/secretmanager.secretAccessor"
    assert binding["members"] == [f"serviceAccount:boutique-{service}@{PROJECT}.iam.gserviceaccount.com"]


def test_a_process_gets_the_version_that_is_named_and_no_other_secret(terraform: Callable[[str], Terraform]) -> None:
    from tests.terraform.conftest import GIVEN

    planned = terraform("gcp").plan("prod", **GIVEN["gcp"], secret_versions={"stripe-key": "3"})
    read = {
        (service["name"], each["name"]): each["value_source"][0]["secret_key_ref"][0]
        for service in resources(planned, "google_cloud_run_v2_service")
        for each in service["template"][0]["containers"][0]["env"]
        if each["value_source"]
    }

    assert read == {
        (name, "BOUTIQUE_STRIPE_KEY"): {"secret": "stripe-key", "version": "3"}
        for name in ("payment", "payment-standby")
    }


def test_keys_of_our_own_encrypt_what_is_asked_for(terraform: Callable[[str], Terraform]) -> None:
    from tests.terraform.conftest import GIVEN

    where = {"documents": "europe", "events": "europe-west1", "secrets": "europe-west1"}
    planned = terraform("gcp").plan("dev", **GIVEN["gcp"], customer_keys=where)
    keys = by("name", planned, "google_kms_crypto_key")
    users = {each["address"].split('"')[1]: each for each in resources(planned, "google_kms_crypto_key_iam_binding")}

    assert set(keys) == set(where)
    assert {each["rotation_period"] for each in keys.values()} == {"7776000s"}
    assert users["documents"]["members"] == [
        "serviceAccount:service-100000000001@gcp-sa-firestore.iam.gserviceaccount.com"
    ]
    assert [each["role"] for each in users.values()] == ["roles/cloudkms.cryptoKeyEncrypterDecrypter"] * 3


def test_without_asking_there_are_no_keys_of_our_own(prod: Plan) -> None:
    assert resources(prod, "google_kms_crypto_key") == []
