"""Cloud Run as the rows have it: one service per file, as an account of its own, called by those whom the rows name."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.manifest import ServiceRow, manifest
from tests.terraform.planned import Plan, by, outputs, resources

ROWS = manifest()
SERVICES = {name: row for name, row in ROWS.services.items() if row.runs_on == "cloud_run"}
PROJECT = "online-boutique-prod"
IAP = "serviceAccount:service-100000000003@gcp-sa-iap.iam.gserviceaccount.com"
"""As whom the Identity-Aware Proxy calls what it stands before."""


@pytest.fixture(scope="module")
def prod(plan: Callable[[str, str], Plan]) -> Plan:
    return plan("gcp", "prod")


def account(name: str) -> str:
    return f"boutique-{name.replace('_', '-')}@{PROJECT}.iam.gserviceaccount.com"


def member(name: str) -> str:
    return f"serviceAccount:{account(name)}"


def dashed(name: str) -> str:
    return name.replace("_", "-")


def variables(service: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in service["template"][0]["containers"][0]["env"]}


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_there_is_a_service_for_each_file_that_runs_on_cloud_run(
    plan: Callable[[str, str], Plan], environment: str
) -> None:
    found = resources(plan("gcp", environment), "google_cloud_run_v2_service")

    assert {each["name"] for each in found if each["location"] == "europe-west1"} == {dashed(name) for name in SERVICES}


@pytest.mark.parametrize(("name", "row"), SERVICES.items())
def test_a_service_is_what_its_row_says(prod: Plan, name: str, row: ServiceRow) -> None:
    service = by("name", prod, "google_cloud_run_v2_service")[dashed(name)]
    (template,) = service["template"]
    (container,) = template["containers"]

    assert {
        "ingress": service["ingress"],
        "open": service["invoker_iam_disabled"],
        "protected": service["deletion_protection"],
        "account": template["service_account"],
        "timeout": template["timeout"],
        "concurrency": template["max_instance_request_concurrency"],
        "scaling": template["scaling"],
        "limits": container["resources"][0]["limits"],
        "idle": container["resources"][0]["cpu_idle"],
        "startup": container["startup_probe"][0]["http_get"][0]["path"],
        "liveness": container["liveness_probe"][0]["http_get"][0]["path"],
        "egress": template["vpc_access"][0]["egress"],
    } == {
        "ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY",
        "open": getattr(row, "admits", "tokens") == "network",
        "protected": True,
        "account": account(name),
        "timeout": f"{row.scale.timeout_s}s",
        "concurrency": row.scale.concurrency,
        "scaling": [{"min_instance_count": row.scale.min, "max_instance_count": row.scale.max}],
        "limits": {"cpu": row.scale.cpu, "memory": row.scale.memory},
        "idle": True,
        "startup": "/health",
        "liveness": "/health",
        "egress": "ALL_TRAFFIC",
    }


@pytest.mark.parametrize(("name", "row"), SERVICES.items())
def test_tokens_without_signature_are_believed_only_where_iam_checks_each(
    prod: Plan, name: str, row: ServiceRow
) -> None:
    service = by("name", prod, "google_cloud_run_v2_service")[dashed(name)]
    by_iam_alone = row.admits == "tokens" and row.signs_in is None

    assert variables(service)["BOUTIQUE_IAM_CHECKS_TOKENS"] == str(by_iam_alone).lower()
    assert by_iam_alone == (not service["invoker_iam_disabled"] and not service["iap_enabled"])


def test_all_services_are_of_one_image_by_digest(prod: Plan) -> None:
    images = {each["template"][0]["containers"][0]["image"] for each in resources(prod, "google_cloud_run_v2_service")}

    assert len(images) == 1
    assert "@sha256:" in images.pop()


@pytest.mark.parametrize(("name", "row"), SERVICES.items())
def test_its_invokers_are_its_callers_and_whoever_brings_events_and_schedules(
    prod: Plan, name: str, row: ServiceRow
) -> None:
    binding = by("name", prod, "google_cloud_run_v2_service_iam_binding")[dashed(name)]
    listens = any(function.event for function in row.functions.values())

    assert binding["role"] == "roles/run.invoker"
    assert set(binding["members"]) == {
        *(member(each) for each in {*row.callers, "operator", *(["push"] if listens else [])}),
        IAP if row.signs_in else member("scheduler"),
    }


@pytest.mark.parametrize("name", SERVICES)
def test_it_knows_the_addresses_of_itself_and_of_those_it_calls_and_no_others(prod: Plan, name: str) -> None:
    addresses = outputs(prod)["addresses"]
    called = {name, *(each for each, row in ROWS.services.items() if name in row.callers)}
    service = by("name", prod, "google_cloud_run_v2_service")[dashed(name)]

    known = {key: value for key, value in variables(service).items() if key.startswith("BOUTIQUE_ADDRESS_")}

    assert known == {f"BOUTIQUE_ADDRESS_{each.upper()}": addresses[each] for each in called}
    assert service["custom_audiences"] == [addresses[name]]


def test_only_callers_of_fraud_have_what_entra_wants_to_know(prod: Plan) -> None:
    fraud = ROWS.services["fraud"].callers & set(SERVICES)
    have = {
        name
        for name in SERVICES
        if "BOUTIQUE_ENTRA_CLIENT" in variables(by("name", prod, "google_cloud_run_v2_service")[dashed(name)])
    }

    assert have in (fraud, set())
    assert set(outputs(prod)["account_ids"] or fraud | {"operator"}) == fraud | {"operator"}


@pytest.mark.parametrize("name", SERVICES)
def test_functions_framework_loads_its_target(prod: Plan, name: str) -> None:
    found = variables(by("name", prod, "google_cloud_run_v2_service")[dashed(name)])

    assert {key: found[key] for key in ("FUNCTION_TARGET", "FUNCTION_SOURCE", "THREADS", "BOUTIQUE_PLATFORM")} == {
        "FUNCTION_TARGET": name,
        "FUNCTION_SOURCE": f"functions/{name}/main.py",
        "THREADS": str(SERVICES[name].scale.concurrency),
        "BOUTIQUE_PLATFORM": "cloud",
    }


def test_an_account_for_everyone_who_calls_and_for_nobody_else(prod: Plan) -> None:
    expected = {*SERVICES, *ROWS.networks.callers, "push", "scheduler"}

    assert {each["email"] for each in resources(prod, "google_service_account")} >= {account(each) for each in expected}


def test_in_the_project_an_account_has_its_own_database_and_jobs_of_the_warehouse(prod: Plan) -> None:
    """What is granted on the whole project; everything else is granted on the thing itself."""
    ours = {member(each) for each in {*SERVICES, *ROWS.networks.callers, "push", "scheduler"}}
    granted = {
        (each["member"], each["role"], *(condition["expression"] for condition in each["condition"]))
        for each in resources(prod, "google_project_iam_member")
        if each["member"] in ours
    }

    assert granted == {
        (
            member(name),
            "roles/datastore.user",
            f'resource.name == "projects/{PROJECT}/databases/boutique-{dashed(name)}"',
        )
        for name in SERVICES
    } | {(member(name), "roles/bigquery.jobUser") for name in ("data_warehouse", "operator")}


@pytest.mark.parametrize(
    ("environment", "warm", "protected"), [("dev", 0, False), ("staging", 1, False), ("prod", 1, True)]
)
def test_environments_differ_in_what_they_keep_warm_and_protect(
    plan: Callable[[str, str], Plan], environment: str, warm: int, protected: bool
) -> None:
    checkout = by("name", plan("gcp", environment), "google_cloud_run_v2_service")["checkout"]

    assert checkout["template"][0]["scaling"][0]["min_instance_count"] == warm
    assert checkout["deletion_protection"] is protected
