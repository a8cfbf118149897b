"""python -m deploy.smoke: ask the estate from inside its networks, by a Cloud Run job of the new image.

Services let nobody in from outside, pipelines included. The job asks through the addresses that callers use, so the
canaries get their share of what it asks; its verdict is kept for `deploy.canary finish`.
"""

import argparse
import json
import sys
from pathlib import Path
from subprocess import CalledProcessError

from deploy import gcloud
from deploy.gcloud import Place
from deploy.running import Command, Run, built_image, run
from shared.manifest import manifest

PASSED = Path("build/smoke.json")
ROUNDS = 60
"""A canary of ten per cent has none of sixty requests once in 560 times."""


def job(image: str, addresses: dict[str, str], place: Place) -> Command:
    """Make the job and wait for its end: in the operators' subnet, with the operator's tag and account."""
    variables = {"BOUTIQUE_PLATFORM": "cloud", "BOUTIQUE_PROJECT": place.project} | {
        f"BOUTIQUE_ADDRESS_{service.upper()}": address for service, address in addresses.items()
    }
    return [
        *("gcloud", "run", "jobs", "deploy", "smoke", f"--image={image}"),
        f"--service-account=boutique-operator@{place.project}.iam.gserviceaccount.com",
        *("--network=serverless", "--subnet=serverless-operators", "--network-tags=operator"),
        *("--vpc-egress=all-traffic", "--max-retries=0", "--task-timeout=300s"),
        *("--command=python", f"--args=-m,shared.hosts.smoke,--rounds,{ROUNDS}"),
        f"--set-env-vars={','.join(f'{name}={value}' for name, value in sorted(variables.items()))}",
        *("--execute-now", "--wait", *place.named()),
    ]


def smoke(image: str, place: Place, running: Run) -> bool:
    """Return whether every service answered well; pages for people are behind their proxy, which lets no job in."""
    rows = manifest().services
    services = [name for name, row in rows.items() if row.runs_on == "cloud_run" and row.signs_in is None]
    described = {name: json.loads(running(gcloud.describe(name.replace("_", "-"), place))) for name in services}
    addresses = {name: gcloud.address(found, name) for name, found in described.items()}
    try:
        running(job(image, addresses, place))
    except CalledProcessError:
        return False
    return True


def passed(path: Path = PASSED) -> bool:
    """Return what the last smoke test came to; one that left no word has failed."""
    return path.is_file() and json.loads(path.read_text(encoding="utf-8")) == {"passed": True}


def main() -> int:
    """Ask, and leave word."""
    parser = argparse.ArgumentParser(prog="python -m deploy.smoke")
    parser.add_argument("--project", required=True)
    parser.add_argument("--region", required=True)
    asked = parser.parse_args()
    PASSED.unlink(missing_ok=True)
    good = smoke(built_image(), Place(asked.project, asked.region), run)
    PASSED.write_text(json.dumps({"passed": good}), encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
