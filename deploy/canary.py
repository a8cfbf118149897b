"""python -m deploy.canary start|finish: the new image to a canary of every service, then to all or to none."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from subprocess import CalledProcessError
from typing import Any

from deploy import gcloud, monitoring
from deploy.gcloud import Place, Traffic
from deploy.judgement import Figures, Verdict, figures, judge
from deploy.running import Run, built_image, run
from deploy.smoke import passed
from shared.manifest import manifest
from shared.values.clock import utc_now


def names() -> list[str]:
    """Return Cloud Run's names of all services that run there."""
    return [name.replace("_", "-") for name, row in manifest().services.items() if row.runs_on == "cloud_run"]


@dataclass(frozen=True)
class Release:
    """An image on its way."""

    place: Place
    services: list[str]
    run: Run

    def start(self, image: str, percent: int) -> None:
        """Deploy everywhere, then split everywhere. What fails on the way is undone, and raised."""
        for service in self.services:  # services answer as before until all new revisions have started
            self.run(gcloud.deploy(service, image, self.place))
        try:
            for service in self.services:
                self.run(gcloud.split(service, percent, self.place))
        except CalledProcessError:
            self.roll_back(self.split())
            raise

    def split(self) -> dict[str, Traffic]:
        """Return who answers for each service."""
        return {service: gcloud.traffic(self._described(service)) for service in self.services}

    def _described(self, service: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run(gcloud.describe(service, self.place)))
        return found

    def promote(self, split: Mapping[str, Traffic]) -> None:
        """Send all requests to the canaries."""
        for service, sides in split.items():
            if sides.canary:
                self.run(gcloud.settle(service, sides.canary, self.place))

    def roll_back(self, split: Mapping[str, Traffic]) -> None:
        """Send all requests to whom they went before."""
        for service, sides in split.items():
            if sides.canary:
                self.run(gcloud.settle(service, sides.stable, self.place))

    def finish(self, found: Mapping[str, Figures], smoke_passed: bool) -> Verdict:
        """Promote or roll back."""
        split = self.split()
        verdict = judge(split, found, smoke_passed)
        if verdict.promote:
            self.promote(split)
        else:
            self.roll_back(split)
        return verdict

    def stand_by(self, image: str, region: str) -> None:
        """Give the services of the second region the same image."""
        for service in self.services:
            self.run(gcloud.deploy_whole(f"{service}-standby", image, Place(self.place.project, region)))


def measured(place: Place, window: timedelta, token: str) -> dict[str, Figures]:
    """Ask Monitoring what came of each revision's requests."""
    now = utc_now()
    return figures(
        monitoring.ask(monitoring.counts(place, now, window), place, token),
        monitoring.ask(monitoring.latencies(place, now, window), place, token),
    )


def _finish(asked: argparse.Namespace, release: Release, sleep: Callable[[float], None]) -> int:
    smoke_passed = passed()
    window = timedelta(minutes=asked.minutes)
    if smoke_passed:
        sleep(window.total_seconds())
    token = release.run(["gcloud", "auth", "print-access-token"]).strip()
    verdict = release.finish(measured(release.place, window, token), smoke_passed)
    sys.stdout.write("promoted\n" if verdict.promote else "rolled back\n" + "\n".join(verdict.reasons) + "\n")
    if verdict.promote and asked.standby:
        release.stand_by(built_image(), asked.standby)
    return 0 if verdict.promote else 1


def main() -> int:
    """Start or finish a release; 1 if it was rolled back."""
    parser = argparse.ArgumentParser(prog="python -m deploy.canary")
    parser.add_argument("step", choices=["start", "finish", "rollback"])
    parser.add_argument("--project", required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--standby", default="", help="the second region, if there is one")
    parser.add_argument("--percent", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the canary is watched")
    asked = parser.parse_args()
    release = Release(Place(asked.project, asked.region), names(), run)
    if asked.step == "start":
        release.start(built_image(), asked.percent)
    elif asked.step == "rollback":
        release.roll_back(release.split())
    else:
        return _finish(asked, release, time.sleep)
    return 0


if __name__ == "__main__":
    sys.exit(main())
