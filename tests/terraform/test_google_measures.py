"""Alerts and charts ask for metrics that exist, in ways that Cloud Monitoring takes for their kind."""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.terraform.planned import Plan, resources

GOOGLES = {
    "monitoring.googleapis.com/uptime_check/check_passed": "GAUGE BOOL",
    "pubsub.googleapis.com/subscription/num_undelivered_messages": "GAUGE INT64",
    "pubsub.googleapis.com/subscription/oldest_unacked_message_age": "GAUGE INT64",
    "run.googleapis.com/container/instance_count": "GAUGE INT64",
    "run.googleapis.com/request_count": "DELTA INT64",
    "run.googleapis.com/request_latencies": "DELTA DISTRIBUTION",
    "vpn.googleapis.com/tunnel_established": "GAUGE DOUBLE",
}
"""Kind and type of values of the metrics that are Google's, by its list of metrics."""
TAKES = {
    "GAUGE BOOL": {"ALIGN_FRACTION_TRUE", "ALIGN_COUNT_TRUE", "ALIGN_COUNT_FALSE", "ALIGN_NEXT_OLDER"},
    "GAUGE INT64": {"ALIGN_MIN", "ALIGN_MAX", "ALIGN_MEAN"},
    "GAUGE DOUBLE": {"ALIGN_MIN", "ALIGN_MAX", "ALIGN_MEAN"},
    "DELTA INT64": {"ALIGN_DELTA", "ALIGN_RATE"},
    "DELTA DISTRIBUTION": {"ALIGN_DELTA", "ALIGN_PERCENTILE_50", "ALIGN_PERCENTILE_95", "ALIGN_PERCENTILE_99"},
}


@pytest.fixture(scope="module")
def prod(plan: Callable[[str, str], Plan]) -> Plan:
    return plan("gcp", "prod")


def kinds(plan: Plan) -> dict[str, str]:
    """Return kind and type of values of every metric, those made of the log too."""
    ours = {
        f"logging.googleapis.com/user/{each['name']}": " ".join(
            (each["metric_descriptor"][0]["metric_kind"], each["metric_descriptor"][0]["value_type"])
        )
        for each in resources(plan, "google_logging_metric")
    }
    return GOOGLES | ours


def measured(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Yield every alert with its metric and how its series are aligned; burn rates are no metrics."""
    for policy in resources(plan, "google_monitoring_alert_policy"):
        for condition in policy["conditions"]:
            (threshold,) = condition["condition_threshold"]
            if "burns" not in policy["display_name"]:
                metric = re.search(r'metric\.type="([^"]+)"', threshold["filter"])
                assert metric, threshold["filter"]
                yield policy["display_name"], metric[1], threshold["aggregations"][0]["per_series_aligner"]


def test_an_alert_asks_for_a_metric_that_is_there_in_a_way_that_fits_it(prod: Plan) -> None:
    known = kinds(prod)
    asked = list(measured(prod))

    assert [alert for alert, metric, aligner in asked if aligner not in TAKES.get(known.get(metric, ""), ())] == []
    assert {metric for _, metric, _ in asked} >= {
        "monitoring.googleapis.com/uptime_check/check_passed",
        "vpn.googleapis.com/tunnel_established",
    }


def test_an_alert_says_which_kind_of_resource_it_is_about(prod: Plan) -> None:
    filters = [
        condition["condition_threshold"][0]["filter"]
        for policy in resources(prod, "google_monitoring_alert_policy")
        for condition in policy["conditions"]
        if "burns" not in policy["display_name"]
    ]

    assert [each for each in filters if "resource.type=" not in each] == []


def test_objectives_rest_on_metrics_that_are_there(prod: Plan) -> None:
    known = kinds(prod)
    written = [str(each) for each in resources(prod, "google_monitoring_slo")]
    named = {metric for text in written for metric in re.findall(r'metric\.type=\\?"([^"\\]+)', text)}

    assert named
    assert named - known.keys() == set()
