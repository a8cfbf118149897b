"""What is promised, watched and counted on Google's side is what docs/slo.md says, and what the log really holds."""

import json
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.manifest import manifest
from shared.telemetry.about import about, note_route
from shared.telemetry.log import JsonLines, completed
from tests.terraform.planned import Plan, by, resources

ROWS = manifest()
PAGE = (Path(__file__).parents[2] / "docs" / "slo.md").read_text("utf-8")
AWAITED = {
    name.replace("_", "-")
    for name, row in ROWS.services.items()
    if row.runs_on == "cloud_run" and row.callers - {"operator", "data_warehouse"}
}


@pytest.fixture(scope="module")
def prod(plan: Callable[[str, str], Plan]) -> Plan:
    return plan("gcp", "prod")


def promised() -> dict[str, tuple[float, str]]:
    """Goal and what is good, by objective, as the page's table has them."""
    rows = re.findall(r"^\| `([a-z0-9<>-]+)`[^|]*\| ([^|]+) \| ([0-9.]+) % \|", PAGE, re.MULTILINE)
    told: dict[str, tuple[float, str]] = {}
    for name, good, goal in rows:
        services = AWAITED - ({"checkout"} if name.endswith("-latency") else set()) if "<service>" in name else {""}
        told |= {name.replace("<service>", each): (float(goal), good) for each in services}
    return told


def test_objectives_and_goals_are_those_of_the_page(prod: Plan) -> None:
    planned = by("slo_id", prod, "google_monitoring_slo")

    assert {name: round(each["goal"] * 100, 4) for name, each in planned.items()} == {
        name: goal for name, (goal, _) in promised().items()
    }
    assert {each["rolling_period_days"] for each in planned.values()} == {28}
    assert len(planned) == 2 * len(AWAITED) - 1 + 4


def test_thresholds_are_those_of_the_page(prod: Plan) -> None:
    planned = by("slo_id", prod, "google_monitoring_slo")

    def most(name: str) -> float:
        return float(planned[name]["request_based_sli"][0]["distribution_cut"][0]["range"][0]["max"])

    assert most("checkout-p95") == 1000
    assert "answered within 1 s" in promised()["checkout-p95"][1]
    assert {most(f"{name}-latency") for name in AWAITED - {"checkout"}} == {200}
    assert "within 200 ms" in promised()["crm-latency"][1]
    assert planned["event-age"]["windows_based_sli"][0]["metric_sum_in_range"][0]["range"][0]["max"] == 60
    assert "together waited less than 60 s" in promised()["event-age"][1]


def test_the_steps_of_an_order_add_up_to_its_second() -> None:
    steps = [int(each) for each in re.findall(r"^\| [^|]+ \| (\d+) \|", PAGE.split("## The second")[1], re.MULTILINE)]

    assert sum(steps[:-1]) == steps[-1] == 1000


def test_every_objective_tells_twice_by_its_burn_rate(prod: Plan) -> None:
    policies = by("display_name", prod, "google_monitoring_alert_policy")

    def thresholds(name: str) -> list[float]:
        return [each["condition_threshold"][0]["threshold_value"] for each in policies[name]["conditions"]]

    for name, (goal, _) in promised().items():
        fastest = 1 / (1 - goal / 100)
        assert thresholds(f"{name} burns fast") == pytest.approx([min(14.4, fastest / 2)] * 2)
        assert thresholds(f"{name} burns slow") == pytest.approx([6.0] * 2)
        assert policies[f"{name} burns fast"]["combiner"] == "AND"
    assert thresholds("order-completion burns fast") == pytest.approx([10, 10])


def test_alerts_are_those_of_the_page(prod: Plan) -> None:
    table = PAGE.split("| alert |")[1]
    told = {
        name: row.rsplit("|", 2)[1].strip()
        for row in re.findall(r"^\| (`.+)$", table, re.MULTILINE)
        for name in re.findall(r"`([a-z-]+)`", row.split("|")[0])
    }
    planned = {
        each["display_name"]: each["severity"].lower()
        for each in resources(prod, "google_monitoring_alert_policy")
        if " burns " not in each["display_name"]
    }

    assert planned == told


def test_one_dead_letter_is_enough(prod: Plan) -> None:
    (condition,) = by("display_name", prod, "google_monitoring_alert_policy")["dead-letters"]["conditions"]
    names = re.search(r'full_match\("(.+)"\)', condition["condition_threshold"][0]["filter"])
    assert names is not None

    assert condition["condition_threshold"][0]["threshold_value"] == 0
    assert all(re.fullmatch(names[1], each.dead_letter_topic) for each in ROWS.subscriptions())
    assert not any(re.fullmatch(names[1], each.name) for each in ROWS.subscriptions())


@pytest.fixture
def request_line(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    """The line of a request for an order, as it is written."""
    with caplog.at_level(logging.INFO, logger="boutique.requests"), about("checkout") as known:
        note_route("/orders")
        completed("00-93117f3fd13c48fb99af37cdec2433c0-e4c0ed15358ce49d-01", known, "POST", 201, 412.5)
        (record,) = caplog.records
        found: dict[str, Any] = json.loads(JsonLines().format(record))
    return found


def extracted(metric: dict[str, Any], entry: dict[str, Any]) -> dict[str, str]:
    """Return the labels that Cloud Logging takes out of a line."""
    found = {}
    for label, extractor in metric["label_extractors"].items():
        field, pattern = re.fullmatch(r'(?:REGEXP_)?EXTRACT\(jsonPayload\.(\w+)(?:, "(.+)")?\)', extractor).groups()  # type: ignore[union-attr]
        matched = re.search(pattern, entry[field]) if pattern else None
        found[label] = matched[1] if matched else entry[field]
    return found


def test_requests_are_counted_by_what_their_line_says(prod: Plan, request_line: dict[str, Any]) -> None:
    metric = by("name", prod, "google_logging_metric")["requests"]

    assert metric["filter"] == 'resource.type="cloud_run_revision" jsonPayload.logger="boutique.requests"'
    assert request_line["logger"] == "boutique.requests"
    assert extracted(metric, request_line) == {
        "service": "checkout",
        "route": "/orders",
        "method": "POST",
        "status": "201",
    }


def test_an_order_s_time_is_taken_from_its_line(prod: Plan, request_line: dict[str, Any]) -> None:
    metric = by("name", prod, "google_logging_metric")["order_latency"]
    wanted = re.findall(r'jsonPayload\.(\w+)="([^"]+)"', metric["filter"])

    assert {name: request_line[name] for name, _ in wanted} == dict(wanted)
    assert {name for name, _ in wanted} == {"logger", "service", "method", "route"}
    assert (metric["value_extractor"], request_line["ms"]) == ("EXTRACT(jsonPayload.ms)", 412.5)
    assert (metric["metric_descriptor"][0]["unit"], metric["metric_descriptor"][0]["value_type"]) == (
        "ms",
        "DISTRIBUTION",
    )


def test_events_that_could_not_leave_are_counted(prod: Plan) -> None:
    metric = by("name", prod, "google_logging_metric")["unpublished"]
    source = (Path(__file__).parents[2] / "shared" / "storage" / "durability.py").read_text("utf-8")

    assert 'jsonPayload.message=~"^publish failed"' in metric["filter"]
    assert 'log.warning("publish failed (' in source
    assert 'jsonPayload.logger="shared.storage.durability"' in metric["filter"]


def test_drift_is_counted_where_reconciliation_logs_it(prod: Plan) -> None:
    metric = by("name", prod, "google_logging_metric")["drift"]
    source = Path(__file__).parents[2] / "functions" / "data_warehouse" / "check_control_totals.py"

    assert 'jsonPayload.logger="functions.data_warehouse.check_control_totals"' in metric["filter"]
    assert source.read_text("utf-8").count("log.warning(") == 1


def test_orders_of_the_old_checkout_that_wait_are_counted_where_they_are_logged(prod: Plan) -> None:
    metric = by("name", prod, "google_logging_metric")["old_orders"]
    loggers = re.findall(r'"(functions\.[a-z_.]+)"', metric["filter"])

    assert loggers == [
        "functions.checkout.import_order",
        "functions.legacy_checkout.finish_orders",
        "functions.legacy_checkout.gathering",
    ]
    for logger in loggers:
        source = Path(__file__).parents[2].joinpath(*logger.split(".")).with_suffix(".py").read_text("utf-8")
        assert "log.warning(" in source


def test_routes_that_objectives_name_are_routes_of_the_rows(prod: Plan) -> None:
    for name, service, row in (
        ("order-completion", "checkout", "place_order"),
        ("payment-success", "payment", "authorize_payment"),
    ):
        (ratio,) = by("slo_id", prod, "google_monitoring_slo")[name]["request_based_sli"][0]["good_total_ratio"]
        method, path = (ROWS.services[service].functions[row].http or "").split()

        for each in (ratio["total_service_filter"], ratio["good_service_filter"]):
            assert f'metric.label.service="{service}"' in each
            assert f'metric.label.method="{method}"' in each
            assert f'metric.label.route="{path}"' in each


def test_private_services_are_looked_at_in_their_own_networks(prod: Plan) -> None:
    found = {each["address"].split('"')[1]: each for each in resources(prod, "google_service_directory_endpoint")}
    checks = resources(prod, "google_monitoring_uptime_check_config")

    assert {name: each["address"] for name, each in _placed(prod).items()} == {
        name: ROWS.networks.networks[name].addresses[name] for name in ("crm", "inventory", "furniture")
    }
    assert set(found) == {"crm", "inventory", "furniture"}
    assert {each["checker_type"] for each in checks} == {"VPC_CHECKERS"}


def _placed(plan: Plan) -> dict[str, dict[str, Any]]:
    changes = {each["address"]: each["change"]["after"] for each in plan["resource_changes"]}
    return {
        address.split('"')[1]: after
        for address, after in changes.items()
        if "google_service_directory_endpoint" in address
    }


@pytest.mark.parametrize(("environment", "days"), [("dev", 30), ("staging", 90), ("prod", 365)])
def test_lines_are_kept_as_long_as_the_page_says(plan: Callable[[str, str], Plan], environment: str, days: int) -> None:
    (bucket,) = resources(plan("gcp", environment), "google_logging_project_bucket_config")

    assert (bucket["bucket_id"], bucket["retention_days"]) == ("_Default", days)
    assert "365 days in production" in PAGE


def test_a_budget_tells_before_the_bill_is_larger(prod: Plan) -> None:
    (budget,) = resources(prod, "google_billing_budget")

    assert budget["amount"][0]["specified_amount"][0] == {"currency_code": "EUR", "nanos": None, "units": "6000"}
    assert [(each["threshold_percent"], each["spend_basis"]) for each in budget["threshold_rules"]] == [
        (1, "CURRENT_SPEND"),
        (1, "FORECASTED_SPEND"),
        (0.5, "CURRENT_SPEND"),
        (0.9, "CURRENT_SPEND"),
    ]


def test_the_dashboard_is_json_with_a_dozen_charts(prod: Plan) -> None:
    charts = [each for each in prod["resource_changes"] if each["type"] == "google_monitoring_dashboard"]

    assert len(charts) == 1
    written = charts[0]["change"]["after"].get("dashboard_json")
    if written is not None:  # known when planning, unless a metric's name is not
        assert len(json.loads(written)["mosaicLayout"]["tiles"]) == 12
