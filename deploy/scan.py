"""python -m deploy.scan: Artifact Registry's on-demand scan of the image, and whether it may go on."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from deploy.running import Command, built_image, run


def scan(image: str, project: str) -> Command:
    """Scan an image in the registry; gcloud writes the scan's name."""
    return [
        *("gcloud", "artifacts", "docker", "images", "scan", image, "--remote", "--location=europe"),
        *(f"--project={project}", "--format=value(response.scan)", "--quiet"),
    ]


def listing(scanned: str, project: str) -> Command:
    """List what a scan has found."""
    return [
        *("gcloud", "artifacts", "docker", "images", "list-vulnerabilities", scanned),
        *("--location=europe", f"--project={project}", "--format=json", "--quiet"),
    ]


def refused(found: Sequence[dict[str, Any]]) -> list[str]:
    """Return what stops an image: everything critical, and what is high and mended in a newer package."""
    lines = []
    for each in found:
        told = each["vulnerability"]
        severity, mended = told["effectiveSeverity"], bool(told.get("fixAvailable"))
        if severity == "CRITICAL" or (severity == "HIGH" and mended):
            package = told["packageIssue"][0]["affectedPackage"]
            lines.append(f"{severity} {told['shortDescription']} in {package}{', mended' if mended else ''}")
    return sorted(lines)


def main() -> int:
    """Scan the image; 1 if it may not go on."""
    parser = argparse.ArgumentParser(prog="python -m deploy.scan")
    parser.add_argument("--project", required=True)
    project = parser.parse_args().project
    scanned = run(scan(built_image(), project)).strip()
    against = refused(json.loads(run(listing(scanned, project)) or "[]"))
    sys.stdout.write("".join(f"{line}\n" for line in against) or "nothing speaks against it\n")
    return 1 if against else 0


if __name__ == "__main__":
    sys.exit(main())
