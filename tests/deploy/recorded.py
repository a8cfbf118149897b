"""What gcloud, Cloud Monitoring and Azure answer, in the shapes of their documentation; cut to what we read."""

from typing import Any

PLACE_WORDS = ["--project=online-boutique-dev", "--region=europe-west1", "--quiet"]


def service(name: str, *traffic: dict[str, Any]) -> dict[str, Any]:
    """gcloud run services describe --format=json."""
    variable = f"BOUTIQUE_ADDRESS_{name.upper().replace('-', '_')}"
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {
            "name": name,
            "namespace": "100000000001",
            "annotations": {"run.googleapis.com/ingress": "internal"},
        },
        "spec": {
            "template": {
                "spec": {
                    "containerConcurrency": 40,
                    "containers": [
                        {
                            "image": f"europe-docker.pkg.dev/online-boutique-dev/boutique/services@sha256:{'1' * 64}",
                            "env": [
                                {"name": "BOUTIQUE_PLATFORM", "value": "cloud"},
                                {"name": "BOUTIQUE_STRIPE_KEY", "valueFrom": {"secretKeyRef": {"key": "3"}}},
                                {"name": variable, "value": f"https://{name}.dev.boutique.example.com"},
                            ],
                        }
                    ],
                }
            }
        },
        "status": {
            "latestReadyRevisionName": traffic[-1]["revisionName"],
            "traffic": list(traffic),
            "url": f"https://{name}-abcdefghij-ew.a.run.app",
        },
    }


def split(name: str) -> dict[str, Any]:
    """The same, while a tenth goes to a canary."""
    return service(
        name,
        {"percent": 90, "revisionName": f"{name}-00007-old"},
        {
            "percent": 10,
            "revisionName": f"{name}-00008-new",
            "tag": "canary",
            "url": f"https://canary---{name}-abcdefghij-ew.a.run.app",
        },
    )


def counted(revision: str, answers: str, number: int) -> dict[str, Any]:
    """A series of run.googleapis.com/request_count, summed by revision and class."""
    return {
        "metric": {"labels": {"response_code_class": answers}, "type": "run.googleapis.com/request_count"},
        "resource": {"type": "cloud_run_revision", "labels": {"revision_name": revision, "project_id": "p"}},
        "metricKind": "DELTA",
        "valueType": "INT64",
        "points": [
            {
                "interval": {"startTime": "2026-11-20T10:00:00Z", "endTime": "2026-11-20T10:10:00Z"},
                "value": {"int64Value": str(number)},
            }
        ],
    }


def timed(revision: str, milliseconds: float) -> dict[str, Any]:
    """A series of run.googleapis.com/request_latencies, reduced to its 95th percentile."""
    return {
        "metric": {"type": "run.googleapis.com/request_latencies"},
        "resource": {"type": "cloud_run_revision", "labels": {"revision_name": revision, "project_id": "p"}},
        "metricKind": "GAUGE",
        "valueType": "DOUBLE",
        "points": [
            {
                "interval": {"startTime": "2026-11-20T10:00:00Z", "endTime": "2026-11-20T10:10:00Z"},
                "value": {"doubleValue": milliseconds},
            }
        ],
    }


def vulnerability(severity: str, name: str, mended: bool) -> dict[str, Any]:
    """One of gcloud artifacts docker images list-vulnerabilities --format=json."""
    return {
        "kind": "VULNERABILITY",
        "name": "projects/goog-vulnz/occurrences/0000",
        "noteName": f"projects/goog-vulnz/notes/{name}",
        "resourceUri": "services@sha256:11",
        "vulnerability": {
            "effectiveSeverity": severity,
            "severity": severity,
            "fixAvailable": mended,
            "shortDescription": name,
            "packageIssue": [
                {
                    "affectedCpeUri": "cpe:/o:debian:debian_linux:12",
                    "affectedPackage": "openssl",
                    "affectedVersion": {"fullName": "3.0.11-1", "kind": "NORMAL"},
                    "fixedVersion": {"kind": "NORMAL" if mended else "MAXIMUM"},
                }
            ],
        },
    }


def azure_function(app: str, name: str) -> dict[str, Any]:
    """One of az functionapp function list --output json."""
    return {
        "config": {"bindings": [{"authLevel": "ANONYMOUS", "direction": "IN", "type": "httpTrigger"}]},
        "invokeUrlTemplate": f"https://{app}.azurewebsites.net/api/{name}",
        "isDisabled": False,
        "language": "python",
        "name": f"{app}/{name}",
        "resourceGroup": "boutique-dev",
        "type": "Microsoft.Web/sites/functions",
    }
