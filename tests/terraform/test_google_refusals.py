"""What no schema knows of objectives, alerts, metrics, secrets, keys and budgets is refused before the cloud would."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.terraform.offline.terraform import Refused, Terraform

PROJECT, CHANNELS = "online-boutique-dev", ["projects/p/notificationChannels/1"]
RATIO = {"total": 'metric.type="a"', "bad": 'metric.type="b"'}
GOOD: dict[str, dict[str, Any]] = {
    "objective": {
        "project": PROJECT,
        "name": "crm-availability",
        "about": "CRM answers.",
        "service": "boutique",
        "goal": 0.9995,
        "ratio": RATIO,
        "channels": CHANNELS,
    },
    "alert": {
        "project": PROJECT,
        "name": "dead-letters",
        "about": "A message was given up: mend it, then replay it.",
        "severity": "ERROR",
        "filter": 'metric.type="a"',
        "above": 0,
        "aligner": "ALIGN_MAX",
        "channels": CHANNELS,
    },
    "log_metric": {
        "project": PROJECT,
        "name": "requests",
        "about": "Requests.",
        "filter": 'jsonPayload.logger="a"',
        "labels": {"service": "EXTRACT(jsonPayload.service)"},
    },
    "secret": {
        "project": PROJECT,
        "name": "stripe-key",
        "about": "Stripe.",
        "locations": ["europe-west1"],
        "readers": {"payment": "a@b.iam.gserviceaccount.com"},
        "deletion_protection": False,
    },
    "customer_keys": {
        "project": PROJECT,
        "keys": {
            "events": {"location": "europe-west1", "users": {"pubsub": "a@gcp-sa-pubsub.iam.gserviceaccount.com"}}
        },
    },
    "budget": {
        "project_number": "100000000001",
        "billing_account": "000000-000000-000000",
        "name": "boutique",
        "amount": {"units": 500, "currency": "EUR"},
        "channels": CHANNELS,
    },
    "log_retention": {"project": PROJECT, "days": 365},
    "private_uptime": {
        "project": PROJECT,
        "region": "europe-west1",
        "network": "projects/100000000001/locations/global/networks/crm",
        "name": "crm",
        "target": {"address": "10.40.0.10", "host": "crm.boutique.example.com"},
        "channels": CHANNELS,
    },
}


@pytest.mark.parametrize("module", GOOD)
def test_what_is_right_is_planned(terraform: Callable[[str], Terraform], module: str) -> None:
    assert terraform(f"modules/{module}").plan(**written(module))["errored"] is False


@pytest.mark.parametrize(
    ("module", "slip", "said"),
    [
        ("objective", {"goal": 1}, "0.5 to 0.9999"),
        ("objective", {"goal": 99.95}, "0.5 to 0.9999"),
        ("objective", {"ratio": RATIO | {"good": "c"}}, "what is good or what is bad"),
        ("objective", {"latency": {"filter": "a", "most": 1}}, "one of them"),
        ("objective", {"channels": []}, "Somebody is told"),
        ("alert", {"below": 1}, "above or below"),
        ("alert", {"severity": "HIGH"}, "CRITICAL, ERROR or WARNING"),
        ("alert", {"aligner": "ALIGN_P95"}, "aligner is"),
        ("alert", {"lasting": 90}, "whole minutes"),
        ("alert", {"filter": "subscription is old"}, "names a metric's type"),
        ("log_metric", {"labels": {"order": "EXTRACT(jsonPayload.order)"}}, "no order, trace or customer"),
        ("log_metric", {"labels": {"service": "jsonPayload.service"}}, "EXTRACT"),
        (
            "log_metric",
            {"value": {"extractor": "EXTRACT(jsonPayload.ms)", "unit": "ms", "bounds": [5, 1]}},
            "bounds rise",
        ),
        ("secret", {"readers": {}}, "nobody may read"),
        ("secret", {"locations": ["EU"]}, "are regions"),
        ("secret", {"locations": ["europe-west1", "europe-west4"], "encryption_key": "k"}, "give one location"),
        (
            "customer_keys",
            {"keys": {"events": {"location": "EU", "users": {"a": "a@x.gserviceaccount.com"}}}},
            "multi-region",
        ),
        (
            "customer_keys",
            {"keys": {"events": {"location": "europe", "users": {"a": "me@example.com"}}}},
            "Service agents",
        ),
        ("budget", {"billing_account": "12345"}, "XXXXXX-XXXXXX-XXXXXX"),
        ("budget", {"amount": {"units": 0, "currency": "EUR"}}, "whole number above 0"),
        ("log_retention", {"days": 7}, "30 to 3650"),
        ("private_uptime", {"target": {"address": "34.1.1.1", "host": "crm.example.com"}}, "private address"),
        ("private_uptime", {"network": "crm"}, "Service Directory wants"),
    ],
)
def test_a_slip_is_refused(terraform: Callable[[str], Terraform], module: str, slip: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as refused:
        terraform(f"modules/{module}").plan(**written(module, slip))

    assert said in " ".join(str(refused.value).replace("│", " ").split())


def written(module: str, slip: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a module's variables as the command line takes them."""
    return {
        name: str(each).lower() if isinstance(each, bool) else each
        for name, each in (GOOD[module] | (slip or {})).items()
    }
