"""What Terraform makes of triggers/ is what Python makes of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.http.housekeeping import HOUSEKEEPING
from shared.manifest import manifest
from tests.terraform.offline.terraform import Terraform

ROWS = manifest()


@pytest.fixture(scope="module")
def outputs(terraform: Callable[[str], Terraform]) -> dict[str, Any]:
    planned = terraform("modules/manifest").plan()["planned_values"]["outputs"]
    return {name: each["value"] for name, each in planned.items()}


def test_its_own_tests_pass(terraform: Callable[[str], Terraform]) -> None:
    assert "Success! 6 passed, 0 failed." in terraform("modules/manifest").test()


def test_services_have_the_same_scale_callers_and_topics(outputs: dict[str, Any]) -> None:
    ours = {
        name: {
            "runs_on": row.runs_on,
            "network": row.network,
            "scale": row.scale.model_dump(),
            "callers": sorted(row.callers),
            "publishes_topics": sorted({ROWS.topics.of(each) for each in row.publishes}),
        }
        for name, row in ROWS.services.items()
    }

    assert {name: {key: each[key] for key in ours[name]} for name, each in outputs["services"].items()} == ours


def test_subscriptions_are_the_same(outputs: dict[str, Any]) -> None:
    ours = {
        each.name: {
            "name": each.name,
            "topic": each.topic,
            "service": each.service,
            "function": each.function,
            "types": sorted(each.types or ()),
            "filter": each.filter,
            "ordered": each.ordered,
            "path": each.path,
            "dead_letter_topic": each.dead_letter_topic,
            "retry": each.retry.model_dump(),
        }
        for each in ROWS.subscriptions()
    }

    theirs = {name: {key: each[key] for key in ours[name]} for name, each in outputs["subscriptions"].items()}

    assert theirs == ours


def test_schedules_are_the_same_with_the_housekeeping_of_every_cloud_run_service(outputs: dict[str, Any]) -> None:
    ours = {
        f"{name}.{function}": cron
        for name, row in ROWS.services.items()
        for function, cron in (
            {each: of.schedule for each, of in row.functions.items() if of.schedule}
            | (HOUSEKEEPING if row.runs_on == "cloud_run" else {})
        ).items()
    }

    assert {name: each["cron"] for name, each in outputs["schedules"].items()} == ours


def test_edges_are_the_calls_that_rows_declare(outputs: dict[str, Any]) -> None:
    ours = {
        f"{caller}->{name}": sorted(function for function, of in row.functions.items() if caller in of.callers)
        for name, row in ROWS.services.items()
        for caller in row.callers
    }

    assert {name: each["functions"] for name, each in outputs["edges"].items()} == ours


def test_networks_and_callers_are_the_same(outputs: dict[str, Any]) -> None:
    rows = json.loads(ROWS.networks.model_dump_json(exclude_none=True))

    assert {name: each["reached_by"] for name, each in outputs["networks"].items()} == {
        name: each["reached_by"] for name, each in rows["networks"].items()
    }
    assert outputs["callers"] == rows["callers"]
