"""What a plan builds, the clouds have been told of before: APIs of a new project, providers of a new subscription."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.terraform.conftest import GIVEN
from tests.terraform.offline.cut import used
from tests.terraform.offline.terraform import STACKS, Terraform
from tests.terraform.planned import Plan, resources

TYPES = sorted({name for kind, name in used() if kind == "resource"})
APIS = {
    "artifact_registry": "artifactregistry",
    "bigquery": "bigquery",
    "billing": "billingbudgets",
    "certificate_manager": "certificatemanager",
    "cloud_run": "run",
    "cloud_scheduler": "cloudscheduler",
    "compute": "compute",
    "dns": "dns",
    "firestore": "firestore",
    "iap": "iap",
    "kms": "cloudkms",
    "logging": "logging",
    "monitoring": "monitoring",
    "project_iam": "cloudresourcemanager",
    "project_service": "serviceusage",
    "pubsub": "pubsub",
    "secret_manager": "secretmanager",
    "service_account": "iam",
    "service_directory": "servicedirectory",
    "vpc_access": "vpcaccess",
}
"""Google's API of a resource, by how the type's name goes on."""
PROVIDERS = {
    "application_insights|monitor_": "Microsoft.Insights",
    "consumption_": "Microsoft.Consumption",
    "function_app|service_plan": "Microsoft.Web",
    "key_vault": "Microsoft.KeyVault",
    "log_analytics": "Microsoft.OperationalInsights",
    "management_lock|role_assignment": "Microsoft.Authorization",
    "local_network|nat_|network_|private_|public_ip|subnet|virtual_network": "Microsoft.Network",
    "resource_group": "Microsoft.Resources",
    "storage_": "Microsoft.Storage",
    "user_assigned_identity": "Microsoft.ManagedIdentity",
}
"""Azure's resource provider, likewise."""
CORE = {
    *("Authorization", "Compute", "CostManagement", "ManagedIdentity", "MarketplaceOrdering", "Network", "Resources"),
    *("Storage", "Consumption"),
}
"""What azurerm registers as "core" (internal/resourceproviders/required.go), and Consumption, which Azure registers."""


def of(kinds: dict[str, str], prefix: str, name: str) -> str:
    """Return what a type belongs to; AssertionError if nothing, or two things."""
    found = {to for start, to in kinds.items() if re.match(f"{prefix}_({start})", name)}
    assert len(found) == 1, f"{name}: {found or 'not in the table'}"
    return found.pop()


@pytest.mark.parametrize("name", [each for each in TYPES if each.startswith("google_")])
def test_the_api_of_a_resource_is_switched_on(plan: Callable[[str, str], Plan], name: str) -> None:
    switched_on = {each["service"] for each in resources(plan("gcp", "dev"), "google_project_service")}

    assert f"{of(APIS, 'google', name)}.googleapis.com" in switched_on


@pytest.mark.parametrize("name", [each for each in TYPES if each.startswith("azurerm_")])
def test_the_provider_of_a_resource_is_registered(name: str) -> None:
    written = (STACKS / "azure" / "versions.tf").read_text("utf-8")
    (listed,) = re.findall(r"resource_providers_to_register\s*=\s*\[([^]]*)\]", written)
    registered = {f"Microsoft.{each}" for each in CORE} | set(re.findall(r'"([\w.]+)"', listed))

    assert 'resource_provider_registrations = "core"' in written
    assert of(PROVIDERS, "azurerm", name) in registered
    assert "Microsoft.App" in registered, "Flex Consumption's subnet is delegated to it"


def test_storage_without_a_public_door_is_made_by_azure_s_management_alone() -> None:
    written = (STACKS / "azure" / "versions.tf").read_text("utf-8")

    assert re.search(r"storage \{\s+data_plane_available = false\s+\}", written)


def mentioned(node: Any) -> Iterator[str]:
    """Yield what an expression of a plan's configuration refers to."""
    if isinstance(node, dict):
        yield from node.get("references", [])
        for each in node.values():
            yield from mentioned(each)
    elif isinstance(node, list):
        for each in node:
            yield from mentioned(each)


def hasty(plan: Plan) -> list[str]:
    """Return what does not wait until the APIs are switched on."""
    root = plan["configuration"]["root_module"]
    nodes = {each["address"]: each for each in root["resources"] if each["mode"] == "managed"}
    nodes |= {f"module.{name}": each for name, each in root["module_calls"].items() if name != "manifest"}
    waits = {"google_project_service.this"}
    while more := {
        name
        for name, each in nodes.items()
        if name not in waits
        and any(
            word == to or word.startswith((f"{to}.", f"{to}["))
            for word in [*each.get("depends_on", ()), *mentioned(each.get("expressions", {}))]
            for to in waits
        )
    }:
        waits |= more

    return sorted(nodes.keys() - waits)


def test_whatever_is_built_waits_until_the_apis_are_switched_on(plan: Callable[[str, str], Plan]) -> None:
    assert hasty(plan("gcp", "dev")) == []


def test_what_does_not_wait_is_found(spoilt: Callable[[str, str, str, str], Terraform]) -> None:
    waits = "    auto {}\n  }\n\n  depends_on = [google_project_service.this]\n"
    stack = spoilt("gcp", "gcp/vpn.tf", waits, "    auto {}\n  }\n")

    assert hasty(stack.plan("dev", **GIVEN["gcp"])) == ["google_secret_manager_secret.vpn"]
