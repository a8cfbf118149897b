"""python -m deploy.seed: opening data for the services that have some, each by a Cloud Run job as its own account."""

import argparse
from pathlib import Path

from deploy.gcloud import Place
from deploy.running import Command, built_image, run

PREFIX = "boutique-"
"""Of accounts and databases, as terraform/gcp/services.tf has it."""


def seeded(root: Path = Path("functions")) -> list[str]:
    """Return the services that have opening data."""
    return sorted(path.parent.name for path in root.glob("*/seed.py"))


def job(service: str, image: str, place: Place) -> Command:
    """Make a service's job and wait for its end; what it has done once it does not do again."""
    name = service.replace("_", "-")
    variables = {
        "BOUTIQUE_PLATFORM": "cloud",
        "BOUTIQUE_PROJECT": place.project,
        "BOUTIQUE_ACCOUNT_PREFIX": PREFIX,
        "BOUTIQUE_DATABASE_PREFIX": PREFIX,
    }
    return [
        *("gcloud", "run", "jobs", "deploy", f"seed-{name}", f"--image={image}"),
        f"--service-account={PREFIX}{name}@{place.project}.iam.gserviceaccount.com",
        *("--max-retries=0", "--task-timeout=300s", "--command=python", f"--args=-m,shared.hosts.seed,{service}"),
        f"--set-env-vars={','.join(f'{name}={value}' for name, value in variables.items())}",
        *("--execute-now", "--wait", *place.named()),
    ]


def main() -> None:
    """Seed all of them."""
    parser = argparse.ArgumentParser(prog="python -m deploy.seed")
    parser.add_argument("--project", required=True)
    parser.add_argument("--region", required=True)
    asked = parser.parse_args()
    for service in seeded():
        run(job(service, built_image(), Place(asked.project, asked.region)))


if __name__ == "__main__":
    main()
