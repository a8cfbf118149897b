"""The gcloud commands of a release, as lists; and what gcloud tells of a service, read."""

from dataclasses import dataclass
from typing import Any

from deploy.running import Command

TAG = "canary"


@dataclass(frozen=True)
class Place:
    """Where services run."""

    project: str
    region: str

    def named(self) -> Command:
        """Return what every command of it ends with."""
        return [f"--project={self.project}", f"--region={self.region}", "--quiet"]


@dataclass(frozen=True)
class Traffic:
    """Who answers for a service: the revision that most requests go to, and the canary if there is one."""

    stable: str
    canary: str | None


def deploy(service: str, image: str, place: Place) -> Command:
    """Make a revision that nobody is sent to yet. gcloud waits until its startup probe has had a 200 from /health."""
    return ["gcloud", "run", "deploy", service, f"--image={image}", "--no-traffic", f"--tag={TAG}", *place.named()]


def deploy_whole(service: str, image: str, place: Place) -> Command:
    """Make a revision that takes all requests: for services that stand by, whom nobody asks."""
    return ["gcloud", "run", "deploy", service, f"--image={image}", *place.named()]


def split(service: str, percent: int, place: Place) -> Command:
    """Send the canary a share of the requests."""
    return [*_update(service), f"--to-tags={TAG}={percent}", *place.named()]


def settle(service: str, revision: str, place: Place) -> Command:
    """Send all requests to one revision, and forget the canary: to promote it, and to roll it back."""
    return [*_update(service), f"--to-revisions={revision}=100", f"--remove-tags={TAG}", *place.named()]


def _update(service: str) -> Command:
    return ["gcloud", "run", "services", "update-traffic", service]


def describe(service: str, place: Place) -> Command:
    """Ask how a service is."""
    return ["gcloud", "run", "services", "describe", service, "--format=json", *place.named()]


def traffic(described: dict[str, Any]) -> Traffic:
    """Read who answers; ValueError if nobody does."""
    shares: dict[str, int] = {}
    canary = None
    for each in described["status"]["traffic"]:
        if each.get("tag") == TAG:
            canary = each["revisionName"]
        shares[each["revisionName"]] = shares.get(each["revisionName"], 0) + each.get("percent", 0)
    others = {revision: share for revision, share in shares.items() if revision != canary and share > 0}
    if not others:
        if canary and shares[canary] == 100:
            return Traffic(canary, None)
        raise ValueError(f"nobody answers for {described['metadata']['name']}")
    return Traffic(max(others, key=lambda revision: others[revision]), canary)


def address(described: dict[str, Any], service: str) -> str:
    """Return where callers find a service, as Terraform has told it: the audience of tokens for it."""
    (container,) = described["spec"]["template"]["spec"]["containers"]
    wanted = f"BOUTIQUE_ADDRESS_{service.upper()}"
    return str(next(each["value"] for each in container["env"] if each["name"] == wanted))
