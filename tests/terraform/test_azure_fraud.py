"""The fraud app as its row says, opened by named callers' tokens, acting as one identity with four roles."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest

from shared.manifest import manifest
from shared.settings import Settings, read_settings
from tests.terraform.offline.terraform import Refused, Terraform
from tests.terraform.planned import Plan, by, resources

ROW = manifest().services["fraud"]
ACCOUNTS = {caller: f"10000000000000000300{place}" for place, caller in enumerate(sorted(ROW.callers), 1)}


@pytest.fixture(scope="module")
def prod(plan: Callable[[str, str], Plan]) -> Plan:
    return plan("azure", "prod")


def one(plan: Plan, kind: str) -> dict[str, Any]:
    (found,) = resources(plan, kind)
    return found


def test_the_app_has_the_scale_of_its_row(prod: Plan) -> None:
    app, plan = one(prod, "azurerm_function_app_flex_consumption"), one(prod, "azurerm_service_plan")

    assert (plan["sku_name"], plan["os_type"]) == ("FC1", "Linux")
    assert (app["runtime_name"], app["runtime_version"]) == ("python", "3.12")
    assert f"{app['instance_memory_in_mb']}Mi" == ROW.scale.memory
    assert (app["http_concurrency"], app["maximum_instance_count"]) == (ROW.scale.concurrency, ROW.scale.max)
    assert app["always_ready"] == [{"instance_count": ROW.scale.min, "name": "http"}]
    assert app["identity"][0]["type"] == "UserAssigned"


def settings(plan: Plan) -> tuple[dict[str, Any], set[str]]:
    """Return the app's settings that are known when planning, and the names of all."""
    (app,) = [each for each in plan["resource_changes"] if each["type"] == "azurerm_function_app_flex_consumption"]
    known = app["change"]["after"].get("app_settings") or {}
    unknown = app["change"]["after_unknown"].get("app_settings") or {}
    assert isinstance(unknown, dict), "not even the names of the settings are known"
    return known, {*known, *unknown}


def test_the_host_signs_in_as_the_identity_and_has_no_connection_string(prod: Plan) -> None:
    known, names = settings(prod)

    assert known["AzureWebJobsStorage"] == ""
    assert known["AzureWebJobsStorage__accountName"] == "boutiqueprodpkgobq3"
    assert known["AzureWebJobsStorage__credential"] == "managedidentity"
    assert {each for each in names if not each.startswith("BOUTIQUE_")} == {
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "AzureWebJobsStorage",
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__credential",
    }


def test_its_settings_are_read_by_the_process(prod: Plan) -> None:
    known, names = settings(prod)
    ours = {each for each in names if each.startswith("BOUTIQUE_")}
    read = read_settings({**dict.fromkeys(ours, ""), **known, "BOUTIQUE_PLATFORM": "cloud"})

    assert {each.removeprefix("BOUTIQUE_ENTRA_CALLER_").lower() for each in ours if "_CALLER_" in each} == ROW.callers
    assert {each.removeprefix("BOUTIQUE_").lower() for each in ours if "_CALLER_" not in each} <= {
        each.name for each in fields(Settings)
    }
    assert (read.tables, read.table) == ("https://boutiqueprodhistobq3.table.core.windows.net", "history")
    assert read.entra_tenant == "00000000-0000-4000-9000-000000000000"


def test_easy_auth_asks_for_a_token_of_a_named_client(prod: Plan) -> None:
    (auth,) = one(prod, "azurerm_function_app_flex_consumption")["auth_settings_v2"]
    (entra,) = auth["active_directory_v2"]

    assert (auth["auth_enabled"], auth["require_authentication"], auth["unauthenticated_action"]) == (
        True,
        True,
        "Return401",
    )
    assert auth["excluded_paths"] == ["/api/health"]
    assert (
        entra["tenant_auth_endpoint"] == "https://login.microsoftonline.com/00000000-0000-4000-9000-000000000000/v2.0"
    )
    assert "client_secret_setting_name" not in entra or not entra["client_secret_setting_name"]
    assert auth["login"][0]["token_store_enabled"] is False


def test_each_caller_is_a_client_by_its_google_account(prod: Plan) -> None:
    credentials = resources(prod, "azuread_application_federated_identity_credential")

    assert {each["address"].split('"')[1]: each["subject"] for each in credentials} == ACCOUNTS
    assert {each["issuer"] for each in credentials} == {"https://accounts.google.com"}
    assert [each["audiences"] for each in credentials] == [["api://AzureADTokenExchange"]] * 4
    assert set(by("display_name", prod, "azuread_application")) == {
        "boutique-prod-fraud",
        *(f"boutique-prod-fraud-caller-{caller}" for caller in ROW.callers),
    }


def test_each_caller_has_the_role_of_its_name_and_nobody_else_gets_a_token(prod: Plan) -> None:
    api = by("display_name", prod, "azuread_application")["boutique-prod-fraud"]
    roles = {each["value"]: each["id"] for each in api["app_role"]}
    given = {
        each["address"].split('"')[1]: each["app_role_id"] for each in resources(prod, "azuread_app_role_assignment")
    }

    assert set(roles) == set(ROW.callers)
    assert given == roles
    assert api["api"][0]["requested_access_token_version"] == 2
    (itself,) = [each for each in resources(prod, "azuread_service_principal") if ".api" in each["address"]]
    assert itself["app_role_assignment_required"] is True


def test_nobody_has_a_password_at_entra(prod: Plan) -> None:
    kinds = {each["type"] for each in prod["resource_changes"]}

    assert not {kind for kind in kinds if "password" in kind or "certificate" in kind}
    assert [each["password"] for each in resources(prod, "azuread_application") if each.get("password")] == []


def test_roles_are_four_and_each_is_on_the_thing_itself(prod: Plan) -> None:
    assert {each["address"]: each["role_definition_name"] for each in resources(prod, "azurerm_role_assignment")} == {
        'module.package.azurerm_role_assignment.this["host"]': "Storage Blob Data Owner",
        'module.history.azurerm_role_assignment.this["fraud"]': "Storage Table Data Contributor",
        'module.monitoring.azurerm_role_assignment.publisher["fraud"]': "Monitoring Metrics Publisher",
        'module.vault.azurerm_role_assignment.this["storage"]': "Key Vault Crypto Service Encryption User",
    }


@pytest.mark.parametrize(("environment", "days", "copies", "locks"), [("dev", 30, "LRS", 0), ("prod", 365, "GZRS", 1)])
def test_production_lasts(
    plan: Callable[[str, str], Plan], environment: str, days: int, copies: str, locks: int
) -> None:
    planned = plan("azure", environment)
    accounts = by(lambda each: each["address"].split(".")[1], planned, "azurerm_storage_account")

    assert one(planned, "azurerm_log_analytics_workspace")["retention_in_days"] == days
    assert accounts["history"]["account_replication_type"] == copies
    assert len(resources(planned, "azurerm_management_lock")) == locks


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"google_accounts": ACCOUNTS | {"pricing": "100000000000000003009"}}, "no row declares: pricing"),
        ({"google_accounts": {k: v for k, v in ACCOUNTS.items() if k != "operator"}}, "has no account: operator"),
        ({"google_accounts": ACCOUNTS | {"operator": "operator@x.iam.gserviceaccount.com"}}, "21 digits"),
        ({"google_accounts": dict.fromkeys(ACCOUNTS, "100000000000000003001")}, "could not be told apart"),
        ({"gcp_vpn": {"addresses": ["203.0.113.1"]}}, "has two addresses"),
        ({"gcp_vpn": {"addresses": ["10.32.0.1", "10.32.0.2"]}}, "a public IPv4 address"),
        ({"vpn_shared_key": "short"}, "32 to 128 letters"),
        ({"gcp_dns": {"run": {"domain": "run.app", "servers": ["10.0.0.1"]}}}, "ends with a dot"),
        ({"retention_days": "45"}, "one that both"),
        ({"location": "West Europe"}, "named as westeurope"),
        ({"tenant_id": "boutique.onmicrosoft.com"}, "tenant_id is a UUID"),
        ({"unique": "OBQ"}, "small letters and digits"),
        ({"alerted": {}}, "Somebody is on duty"),
        ({"budget": {"amount": 100, "from": "2026-11-15"}}, "first day of a month"),
        ({"customer_key_id": "https://v.vault.azure.net/keys/k/0123456789abcdef"}, "customer_key_id is"),
    ],
)
def test_what_no_schema_knows_is_refused(
    terraform: Callable[[str], Terraform], variables: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused) as refused:
        terraform("azure").plan("prod", **variables)

    assert said in " ".join(str(refused.value).split())
