"""Topics, push subscriptions and schedules as the rows have them."""

import base64
from collections.abc import Callable

import pytest

from shared.http.housekeeping import HOUSEKEEPING
from shared.manifest import Subscription, manifest
from tests.terraform.planned import Plan, by, outputs, resources

ROWS = manifest()
SUBSCRIPTIONS = {each.name: each for each in ROWS.subscriptions()}
PROJECT, NUMBER = "online-boutique-prod", "100000000003"
AGENT = f"serviceAccount:service-{NUMBER}@gcp-sa-pubsub.iam.gserviceaccount.com"


@pytest.fixture(scope="module")
def prod(plan: Callable[[str, str], Plan]) -> Plan:
    return plan("gcp", "prod")


def account(name: str) -> str:
    return f"boutique-{name.replace('_', '-')}@{PROJECT}.iam.gserviceaccount.com"


def endpoint(service: str, path: str) -> str:
    return f"https://{service.replace('_', '-')}-{NUMBER}.europe-west1.run.app{path}"


def test_a_topic_per_row_and_one_of_dead_letters_per_subscription(prod: Plan) -> None:
    assert set(by("name", prod, "google_pubsub_topic")) == {
        *ROWS.topics.topics,
        *(each.dead_letter_topic for each in SUBSCRIPTIONS.values()),
    }


@pytest.mark.parametrize("topic", ROWS.topics.topics)
def test_who_publishes_its_events_may_publish_to_a_topic_and_nobody_else(prod: Plan, topic: str) -> None:
    publishers = {
        f"serviceAccount:{account(name)}"
        for name, row in ROWS.services.items()
        if any(ROWS.topics.of(each) == topic for each in row.publishes)
    }

    assert set(by("topic", prod, "google_pubsub_topic_iam_binding")[topic]["members"]) == publishers


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_a_subscription_is_what_its_row_says(prod: Plan, name: str) -> None:
    found, row = by("name", prod, "google_pubsub_subscription")[name], SUBSCRIPTIONS[name]

    assert {
        "filter": found["filter"],
        "ordered": found["enable_message_ordering"],
        "ack": found["ack_deadline_seconds"],
        "retry": found["retry_policy"],
        "attempts": found["dead_letter_policy"][0]["max_delivery_attempts"],
        "push": {key: found["push_config"][0][key] for key in ("push_endpoint", "oidc_token")},
        "expires": found["expiration_policy"][0]["ttl"],
        "kept": found["message_retention_duration"],
    } == {
        "filter": row.filter,
        "ordered": row.ordered,
        "ack": row.retry.ack_deadline_s,
        "retry": [
            {
                "minimum_backoff": f"{row.retry.min_backoff_s:g}s",
                "maximum_backoff": f"{row.retry.max_backoff_s:g}s",
            }
        ],
        "attempts": row.retry.max_attempts,
        "push": {
            "push_endpoint": endpoint(row.service, row.path),
            "oidc_token": [
                {"audience": outputs(prod)["addresses"][row.service], "service_account_email": account("push")}
            ],
        },
        "expires": "",
        "kept": "604800s",
    }


@pytest.mark.parametrize("row", SUBSCRIPTIONS.values(), ids=lambda row: row.name)
def test_dead_letters_are_kept_and_come_from_pub_sub_and_the_service_alone(prod: Plan, row: Subscription) -> None:
    kept = by("name", prod, "google_pubsub_subscription")[row.dead_letter_topic]
    rights = by("subscription", prod, "google_pubsub_subscription_iam_binding")

    assert (kept["push_config"], kept["message_retention_duration"], kept["expiration_policy"]) == (
        [],
        f"{31 * 24 * 3600}s",
        [{"ttl": ""}],
    )
    assert set(by("topic", prod, "google_pubsub_topic_iam_binding")[row.dead_letter_topic]["members"]) == {
        AGENT,
        f"serviceAccount:{account(row.service)}",
    }
    assert (rights[row.name]["role"], rights[row.name]["members"]) == ("roles/pubsub.subscriber", [AGENT])
    assert rights[row.dead_letter_topic]["members"] == [f"serviceAccount:{account('operator')}"]


def test_pub_sub_alone_makes_tokens_of_the_account_that_it_pushes_as(prod: Plan) -> None:
    makers = by("address", prod, "google_service_account_iam_binding")["google_service_account_iam_binding.pushes"]

    assert (makers["role"], makers["members"]) == ("roles/iam.serviceAccountTokenCreator", [AGENT])


def test_a_job_per_schedule_of_the_rows_and_of_housekeeping(prod: Plan) -> None:
    ours = {
        f"{name}-{function}": (cron, endpoint(name, f"/schedules/{function}"), f"{max(15, row.scale.timeout_s)}s")
        for name, row in ROWS.services.items()
        if row.runs_on == "cloud_run" and row.signs_in is None
        for function, cron in (
            {each: of.schedule for each, of in row.functions.items() if of.schedule} | HOUSEKEEPING
        ).items()
    }

    jobs = {
        job["name"]: job for job in resources(prod, "google_cloud_scheduler_job") if job["region"] == "europe-west1"
    }

    assert {
        name: (job["schedule"], job["http_target"][0]["uri"], job["attempt_deadline"]) for name, job in jobs.items()
    } == ours
    assert {(job["time_zone"], job["http_target"][0]["http_method"], job["paused"]) for job in jobs.values()} == {
        ("Etc/UTC", "POST", False)
    }
    assert {base64.b64decode(job["http_target"][0]["body"]) for job in jobs.values()} == {b"{}"}


def test_a_job_asks_as_the_scheduler_for_the_service_by_its_name(prod: Plan) -> None:
    addresses = outputs(prod)["addresses"]

    for job in resources(prod, "google_cloud_scheduler_job"):
        (token,) = job["http_target"][0]["oidc_token"]
        assert token["service_account_email"] == account("scheduler")
        if job["region"] == "europe-west1":
            assert token["audience"] == addresses[job["name"].partition("-")[0]]
