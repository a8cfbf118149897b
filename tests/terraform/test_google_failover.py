"""The second region stands by with the same services; a failover moves events and schedules there and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.manifest import manifest
from tests.terraform.conftest import GIVEN
from tests.terraform.offline.kept import kept
from tests.terraform.offline.terraform import Terraform
from tests.terraform.planned import Plan, by, outputs, resources

SERVICES = sorted(name for name, row in manifest().services.items() if row.runs_on == "cloud_run")
PRIMARY, STANDBY = "europe-west1", "europe-west4"


@pytest.fixture(scope="module")
def before(plan: Callable[[str, str], Plan]) -> Plan:
    return plan("gcp", "prod")


@pytest.fixture(scope="module")
def after(terraform: Callable[[str], Terraform]) -> Plan:
    """The estate after `terraform apply -var active=standby`."""
    return kept("gcp-prod-standby", lambda: terraform("gcp").plan("prod", **GIVEN["gcp"], active="standby"))


def located(plan: Plan, region: str, kind: str = "google_cloud_run_v2_service", key: str = "location") -> list[Any]:
    return [each for each in resources(plan, kind) if each[key] == region]


def host(name: str) -> str:
    return f"{name.replace('_', '-')}-standby-100000000003.{STANDBY}.run.app"


def test_every_service_stands_by_without_an_instance(before: Plan) -> None:
    standing_by = located(before, STANDBY)

    assert {each["name"] for each in standing_by} == {f"{name.replace('_', '-')}-standby" for name in SERVICES}
    assert {each["template"][0]["scaling"][0]["min_instance_count"] for each in standing_by} == {0}


@pytest.mark.parametrize("name", SERVICES)
def test_one_that_stands_by_differs_in_its_addresses_subnet_and_instances_alone(before: Plan, name: str) -> None:
    ours = by("name", before, "google_cloud_run_v2_service")[name.replace("_", "-")]
    other = by("name", before, "google_cloud_run_v2_service")[f"{name.replace('_', '-')}-standby"]

    differ = {key for key in ours if ours[key] != other[key]}
    within = {key for key in ours["template"][0] if ours["template"][0][key] != other["template"][0][key]}
    access, standing = (each["template"][0]["vpc_access"][0]["network_interfaces"][0] for each in (ours, other))

    assert differ == {"address", "custom_audiences", "description", "location", "name", "template"}
    assert within <= {"containers", "scaling", "vpc_access"}
    assert access["tags"] == standing["tags"]
    invokers = by("name", before, "google_cloud_run_v2_service_iam_binding")
    assert invokers[ours["name"]]["members"] == invokers[other["name"]]["members"]


@pytest.mark.parametrize("name", SERVICES)
def test_services_that_stand_by_call_each_other_and_fraud_where_it_is(before: Plan, name: str) -> None:
    service = by("name", before, "google_cloud_run_v2_service")[f"{name.replace('_', '-')}-standby"]
    addresses = {
        each["name"].removeprefix("BOUTIQUE_ADDRESS_").lower(): each["value"]
        for each in service["template"][0]["containers"][0]["env"]
        if each["name"].startswith("BOUTIQUE_ADDRESS_")
    }

    fraud = addresses.pop("fraud", "https://online-boutique-prod-fraud.azurewebsites.net")

    assert fraud.endswith(".azurewebsites.net")
    assert addresses == {each: f"https://{host(each)}" for each in addresses}
    assert service["custom_audiences"] == [f"https://{host(name)}"]


def test_what_a_failover_changes(before: Plan, after: Plan) -> None:
    was, is_now = ({each["address"]: each for each in _changes(plan)} for plan in (before, after))

    changed = {address for address in was if was[address] != is_now[address]}

    assert was.keys() <= is_now.keys()
    assert {address.partition("[")[0] for address in is_now.keys() - was.keys()} == {"module.private_names"}
    assert {address.partition("[")[0] for address in changed} == {
        "module.subscription",
        "module.schedule",
        "module.standby_schedule",
        "module.standby_service",  # those that are kept warm
    }
    assert len([each for each in changed if each.startswith("module.subscription")]) == len(manifest().subscriptions())


def _changes(plan: Plan) -> list[Any]:
    return [{"address": each["address"], "values": each["change"]["after"]} for each in plan["resource_changes"]]


def test_after_a_failover_events_and_schedules_go_to_the_second_region(after: Plan) -> None:
    pushes = [each["push_config"][0] for each in resources(after, "google_pubsub_subscription") if each["push_config"]]

    assert {each["push_endpoint"].split("/")[2] for each in pushes} <= {host(name) for name in SERVICES}
    assert {each["oidc_token"][0]["audience"] for each in pushes} <= {f"https://{host(name)}" for name in SERVICES}
    assert {each["paused"] for each in located(after, STANDBY, "google_cloud_scheduler_job", "region")} == {False}
    assert {each["paused"] for each in located(after, PRIMARY, "google_cloud_scheduler_job", "region")} == {True}
    assert outputs(after)["addresses"]["checkout"] == f"https://{host('checkout')}"


def test_data_is_in_both_regions_before_it_is_needed_there(before: Plan) -> None:
    topics = [each["message_storage_policy"][0] for each in resources(before, "google_pubsub_topic")]

    assert {each["location_id"] for each in resources(before, "google_firestore_database")} == {"eur3"}
    assert {frozenset(each["allowed_persistence_regions"]) for each in topics} == {frozenset({PRIMARY, STANDBY})}
    assert {each["location"] for each in resources(before, "google_bigquery_dataset")} == {"EU"}
    assert {each["location"] for each in resources(before, "google_artifact_registry_repository")} == {"europe"}
    for secret in resources(before, "google_secret_manager_secret"):
        replicas = [
            each["location"] for of in secret["replication"] for part in of["user_managed"] for each in part["replicas"]
        ]
        assert replicas in ([PRIMARY, STANDBY], [])


def test_without_a_second_region_there_is_nothing_to_switch_to(
    plan: Callable[[str, str], Plan],
) -> None:
    assert located(plan("gcp", "dev"), STANDBY) == []
    assert located(plan("gcp", "dev"), STANDBY, "google_cloud_scheduler_job", "region") == []
