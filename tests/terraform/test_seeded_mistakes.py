"""Mistakes that are made on purpose, each found before anything is built, and by what says it."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from shared.manifest import manifest
from tests.terraform import test_google_data as data
from tests.terraform import test_google_events as events
from tests.terraform import test_google_services as services
from tests.terraform.offline.terraform import ROOT, Refused, Terraform
from tests.terraform.planned import Plan

DIGEST = f"europe-docker.pkg.dev/p/boutique/services@sha256:{'5a' * 32}"
GIVEN: dict[str, dict[str, Any]] = {
    "cloud_run_service": {
        "project": "a-project",
        "region": "europe-west1",
        "name": "pricing",
        "about": "Prices.",
        "image": DIGEST,
        "environment": {},
        "account": "boutique-pricing@a-project.iam.gserviceaccount.com",
        "invokers": {},
        "scale": {"memory": "512Mi", "cpu": "1", "concurrency": 40, "min": 0, "max": 20, "timeout_s": 10},
        "deletion_protection": True,
    },
    "push_subscription": {
        "project": "a-project",
        "name": "pricing.hear.order-events",
        "topic": "projects/a-project/topics/order-events",
        "filter": "",
        "ordered": False,
        "retry": {"min_backoff_s": 0.1, "max_backoff_s": 60, "max_attempts": 100, "ack_deadline_s": 10},
        "endpoint": "https://pricing-1.europe-west1.run.app/events/hear",
        "audience": "https://pricing-1.europe-west1.run.app",
        "push_account": "boutique-push@a-project.iam.gserviceaccount.com",
        "service_account": "boutique-pricing@a-project.iam.gserviceaccount.com",
        "pubsub_agent": "service-1@gcp-sa-pubsub.iam.gserviceaccount.com",
        "readers": {},
        "dead_letter_topic": "pricing.hear.order-events.dead-letter",
        "regions": ["europe-west1"],
    },
    "schedule": {
        "project": "a-project",
        "region": "europe-west1",
        "name": "pricing-relay_outbox",
        "about": "The relay.",
        "cron": "* * * * *",
        "endpoint": "https://pricing-1.europe-west1.run.app/schedules/relay_outbox",
        "audience": "https://pricing-1.europe-west1.run.app",
        "account": "boutique-scheduler@a-project.iam.gserviceaccount.com",
        "timeout_s": 10,
    },
    "document_database": {
        "project": "a-project",
        "name": "boutique-pricing",
        "location": "eur3",
        "collections": ["offers"],
        "indexes": [
            {
                "collection": "offers",
                "fields": [{"field": "sku", "order": "ASCENDING"}, {"field": "from", "order": "ASCENDING"}],
            }
        ],
        "unindexed": ["_body"],
        "account": "boutique-pricing@a-project.iam.gserviceaccount.com",
        "deletion_protection": True,
    },
}
SERVICE = "modules/cloud_run_service/main.tf"


def refusal(ask: Callable[[], Any]) -> str:
    """What Terraform says of what it refuses, its lines joined."""
    with pytest.raises(Refused) as refused:
        ask()
    return " ".join(str(refused.value).split())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("custom_audiences    =", "custom_audience     =", 'An argument named "custom_audience" is not expected'),
        ("  location            = var.region\n", "", 'The argument "location" is required'),
        ("= var.audiences", "= 7", 'Inappropriate value for attribute "custom_audiences": list of string required'),
        ("= var.image\n", "= var.picture\n", 'An input variable with the name "picture" has not been declared'),
        (
            "  location = google_cloud_run_v2_service.this.location",
            "  location = google_cloud_run_v2_service.that.location",
            "has not been declared",
        ),
        (
            '"google_cloud_run_v2_service" "this"',
            '"google_cloud_run_v3_service" "this"',
            "does not support resource type",
        ),
        ('"INGRESS_TRAFFIC_INTERNAL_ONLY"', '"INGRESS_INTERNAL"', "expected ingress to be one of"),
        ("      image = var.image\n", "", 'The argument "image" is required'),
        ("labels              = var.labels", 'uri = "https://mine"', "uri is decided by the provider"),
        ("scaling {", "scalings {", 'Blocks of type "scalings" are not expected here'),
    ],
)
def test_what_no_provider_takes_is_found_by_validate(
    spoilt: Callable[[str, str, str, str], Terraform], before: str, after: str, said: str
) -> None:
    module = spoilt("modules/cloud_run_service", SERVICE, before, after)

    assert said in refusal(module.validate)


@pytest.mark.parametrize("module", GIVEN)
def test_a_module_is_planned_with_what_is_right(terraform: Callable[[str], Terraform], module: str) -> None:
    assert terraform(f"modules/{module}").plan(**GIVEN[module])["errored"] is False


@pytest.mark.parametrize(
    ("module", "changed", "said"),
    [
        (
            "cloud_run_service",
            {"image": "europe-docker.pkg.dev/p/boutique/services:latest"},
            "Name the image by digest",
        ),
        ("cloud_run_service", {"name": "order_management"}, "lower-case letters, digits and hyphens"),
        ("cloud_run_service", {"admits": "anyone"}, "admits by tokens or by network"),
        ("cloud_run_service", {"scale": {**GIVEN["cloud_run_service"]["scale"], "min": 21}}, "At most 20 instances"),
        ("cloud_run_service", {"scale": {**GIVEN["cloud_run_service"]["scale"], "cpu": "0.5"}}, "1, 2, 4, 6 or 8 CPUs"),
        ("cloud_run_service", {"scale": {**GIVEN["cloud_run_service"]["scale"], "concurrency": 1001}}, "1 to 1000"),
        ("push_subscription", {"filter": "x" * 257}, "256 bytes of filter"),
        (
            "push_subscription",
            {"retry": {**GIVEN["push_subscription"]["retry"], "max_attempts": 4}},
            "5 to 100 attempts",
        ),
        ("push_subscription", {"retry": {**GIVEN["push_subscription"]["retry"], "ack_deadline_s": 9}}, "10 to 600 s"),
        ("push_subscription", {"retry": {**GIVEN["push_subscription"]["retry"], "min_backoff_s": 61}}, "600 s at most"),
        ("schedule", {"cron": "every minute"}, "five fields"),
        ("schedule", {"timeout_s": 1801}, "half an hour"),
        ("schedule", {"name": "pricing.relay_outbox"}, "does not take this name"),
        ("document_database", {"name": "db"}, "does not take this name"),
        ("document_database", {"collections": ["prices"]}, "a collection that the service has not"),
        ("document_database", {"backup_days": 99}, "14 weeks"),
    ],
)
def test_what_the_cloud_would_refuse_later_is_refused_when_planning(
    terraform: Callable[[str], Terraform], module: str, changed: dict[str, Any], said: str
) -> None:
    assert said in refusal(lambda: terraform(f"modules/{module}").plan(**GIVEN[module] | changed))


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("pricing.yaml", "callers: [checkout, ", "callers: [checkuot, ", "does not declare: checkuot"),
        ("pricing.yaml", "network: serverless", "network: serverles", "networks.yaml does not have: serverles"),
        ("checkout.yaml", '"order.refused"]', '"ordre.refused"]', "Events that no topic takes: ordre.refused"),
        ("accounting.yaml", '["shipment.dispatched",', '["shipmnt.sent",', "Events that no topic takes: shipmnt.sent"),
        ("pricing.yaml", "callers: [", "callers [", "Error in function call"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(
    terraform: Callable[[str], Terraform], tmp_path: Path, file: str, before: str, after: str, said: str
) -> None:
    shutil.copytree(ROOT / "triggers", tmp_path / "triggers")
    path = tmp_path / "triggers" / file
    assert before in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")

    assert said in refusal(lambda: terraform("modules/manifest").plan(folder=str(tmp_path / "triggers")))


def within(plan: Plan, address: str) -> dict[str, Any]:
    """The planned values of one resource, to be changed."""
    modules = [plan["planned_values"]["root_module"]]
    while modules:
        module = modules.pop()
        modules += module.get("child_modules", [])
        for each in module.get("resources", []):
            if each["address"] == address:
                found: dict[str, Any] = each["values"]
                return found
    raise LookupError(address)


ROWS = manifest()
CRM = 'module.service["crm"].google_cloud_run_v2_service'
STREAM = "order_management.forward_to_fraud.order-events"
PUSHED = f'module.subscription["{STREAM}"].google_pubsub_subscription.this'
Change = Callable[[dict[str, Any]], Any]


@pytest.mark.parametrize(
    ("address", "change", "test"),
    [
        (
            f"{CRM}_iam_binding.invokers",
            lambda values: values["members"].append("allUsers"),
            lambda plan: services.test_its_invokers_are_its_callers_and_whoever_brings_events_and_schedules(
                plan, "crm", ROWS.services["crm"]
            ),
        ),
        (
            f"{CRM}_iam_binding.invokers",
            lambda values: values["members"].pop(),
            lambda plan: services.test_its_invokers_are_its_callers_and_whoever_brings_events_and_schedules(
                plan, "crm", ROWS.services["crm"]
            ),
        ),
        (
            f"{CRM}.this",
            lambda values: values.update(ingress="INGRESS_TRAFFIC_ALL"),
            lambda plan: services.test_a_service_is_what_its_row_says(plan, "crm", ROWS.services["crm"]),
        ),
        (
            f"{CRM}.this",
            lambda values: values.update(custom_audiences=["https://crm.elsewhere.example"]),
            lambda plan: services.test_it_knows_the_addresses_of_itself_and_of_those_it_calls_and_no_others(
                plan, "crm"
            ),
        ),
        (
            'module.database["crm"].google_project_iam_member.owner',
            lambda values: values.update(condition=[]),
            services.test_in_the_project_an_account_has_its_own_database_and_jobs_of_the_warehouse,
        ),
        (
            PUSHED,
            lambda values: values.update(filter=""),
            lambda plan: events.test_a_subscription_is_what_its_row_says(plan, STREAM),
        ),
        (
            PUSHED,
            lambda values: values["push_config"][0].update(oidc_token=[]),
            lambda plan: events.test_a_subscription_is_what_its_row_says(plan, STREAM),
        ),
        (
            'module.topic["order-events"].google_pubsub_topic_iam_binding.publishers',
            lambda values: values["members"].append("serviceAccount:boutique-pricing@online-boutique-prod.example"),
            lambda plan: events.test_who_publishes_its_events_may_publish_to_a_topic_and_nobody_else(
                plan, "order-events"
            ),
        ),
        (
            'module.schedule["checkout.resume_orders"].google_cloud_scheduler_job.this',
            lambda values: values.update(schedule="0 * * * *"),
            events.test_a_job_per_schedule_of_the_rows_and_of_housekeeping,
        ),
        (
            'module.database["crm"].google_firestore_database.this',
            lambda values: values.update(delete_protection_state="DELETE_PROTECTION_DISABLED"),
            data.test_a_database_per_service_that_can_be_brought_back,
        ),
        (
            'module.database["crm"].google_firestore_field.expiring["handled_records"]',
            lambda values: values.update(ttl_config=[]),
            lambda plan: data.test_documents_expire_and_bodies_are_in_no_index(plan, "boutique-crm"),
        ),
        (
            'module.warehouse.google_bigquery_table.this["events"]',
            lambda values: values.update(clustering=["type"]),
            data.test_a_table_per_file_with_its_columns_partitions_and_clusters,
        ),
        (
            'module.warehouse.google_bigquery_table.report["daily_sales"]',
            lambda values: values["view"][0].update(query=values["view"][0]["query"].replace("prod", "dev")),
            lambda plan: data.test_a_report_is_a_view_that_asks_the_same_of_the_same_tables(plan, "daily_sales"),
        ),
    ],
)
def test_a_plan_that_differs_is_found(
    plan: Callable[[str, str], Plan], address: str, change: Change, test: Callable[[Plan], None]
) -> None:
    prod = plan("gcp", "prod")
    test(prod)
    wrong = deepcopy(prod)
    change(within(wrong, address))

    with pytest.raises(AssertionError):
        test(wrong)
