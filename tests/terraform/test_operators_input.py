"""What an operator writes into an environment's file is looked at, and what is wrong with it is said."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.terraform.conftest import GIVEN
from tests.terraform.offline.terraform import STACKS, Refused, Terraform

TENANT = "00000000-0000-4000-9000-000000000000"
ENTRA = {"tenant_id": TENANT, "scope": "api://a/.default", "clients": {"checkout": TENANT}}


@pytest.mark.parametrize("stack", ["gcp", "azure"])
def test_every_variable_is_described_and_looked_at(stack: str) -> None:
    files = "\n".join(path.read_text("utf-8") for path in (STACKS / stack).glob("*variables.tf"))
    declared = re.findall(r'^variable "(\w+)" \{\n(.*?)^\}', files, re.MULTILINE | re.DOTALL)

    assert len(declared) > 10
    assert [name for name, body in declared if not re.search(r'description = "\S', body)] == []
    assert [
        name for name, body in declared if "validation {" not in body and not re.search(r"type\s+= bool", body)
    ] == []


SLIPS: list[tuple[str, dict[str, Any], str]] = [
    ("gcp", {"image": "europe-docker.pkg.dev/p/boutique/services:latest"}, "Name the image by digest"),
    ("gcp", {"project": "My Project"}, "6 to 30 lower-case letters"),
    ("gcp", {"project_number": "online-boutique"}, "digits alone"),
    ("gcp", {"environment": "test"}, "dev, staging and prod"),
    ("gcp", {"region": "eu"}, "named as europe-west1 is"),
    ("gcp", {"warehouse_location": "eu"}, "EU, US and regions"),
    ("gcp", {"database_location": "EU"}, "eur3, nam5, nam7 and regions"),
    ("gcp", {"message_regions": ["europe"]}, "names regions as europe-west1 is"),
    ("gcp", {"event_retention_days": 0}, "whole days, or null"),
    ("gcp", {"image_location": "eu"}, "asia, europe and us"),
    ("gcp", {"domain": "boutique"}, "A whole DNS name"),
    ("gcp", {"fraud_host": "fraud.example.com"}, "at <app>.azurewebsites.net"),
    ("gcp", {"fraud_host": f"{'a' * 35}.azurewebsites.net"}, "34 letters, digits and hyphens at most"),
    ("gcp", {"settings": {"chekout": {"BOUTIQUE_X": "1"}}}, "No service on Cloud Run is called chekout"),
    ("gcp", {"settings": {"checkout": {"X": "1"}}}, "Settings start with BOUTIQUE_"),
    ("gcp", {"secret_versions": {"stripe-key": "latest"}}, "A version is its number"),
    ("gcp", {"azure_vpn": {"addresses": ["203.0.113.1", "vpn.example.com"]}}, "and they are IPv4"),
    ("gcp", {"azure_entra": ENTRA | {"scope": "https://fraud"}}, "scope is api://…/.default"),
    ("gcp", {"azure_entra": ENTRA}, "Entra has no client for data_warehouse, operator, order_management"),
    ("gcp", {"cluster_project": "p"}, "6 to 30 lower-case letters"),
    (
        "gcp",
        {"kubernetes_callers": {"gke-chekout": {"namespace": "default", "service_account": "s"}}},
        "networks.yaml has no caller gke-chekout",
    ),
    ("azure", {"subscription_id": "mine"}, "subscription_id is a UUID"),
    ("azure", {"location": "West Europe"}, "named as westeurope is"),
    ("azure", {"unique": "abcdef"}, "24 at most"),
    ("azure", {"app": "a" * 35}, "app is 2 to 34"),
    ("azure", {"retention_days": 45}, "Application Insights and Log Analytics take"),
    ("azure", {"google_accounts": {"checkout": "1"}}, "21 digits"),
    ("azure", {"gcp_vpn": {"addresses": ["203.0.113.1"]}}, "two addresses"),
    ("azure", {"gcp_dns": {"services": {"domain": "example.com", "servers": ["10.0.0.1"]}}}, "ends with a dot"),
    ("azure", {"budget": {"amount": 5, "from": "2026-11-20"}}, "first day of a month"),
    ("azure", {"vpn_shared_key": "short"}, "32 to 128"),
]


@pytest.fixture(scope="module")
def told(terraform: Callable[[str], Terraform]) -> str:
    """What Terraform says of all slips: of as many at once as there are other variables."""
    batches: list[tuple[str, dict[str, Any]]] = []
    for stack, slip, _ in SLIPS:
        free = (slips for of, slips in batches if of == stack and not slips.keys() & slip.keys())
        found = next(free, None)
        if found is None:
            batches.append((stack, found := {}))
        found.update(slip)
    return " ".join(_refusal(terraform(stack), GIVEN.get(stack, {}) | slips) for stack, slips in batches)


def _refusal(terraform: Terraform, variables: dict[str, Any]) -> str:
    with pytest.raises(Refused) as refused:
        terraform.plan("dev", **variables)
    return " ".join(str(refused.value).replace("│", " ").split())


@pytest.mark.parametrize("said", [said for *_, said in SLIPS])
def test_a_slip_is_refused_in_words(told: str, said: str) -> None:
    assert said in told
