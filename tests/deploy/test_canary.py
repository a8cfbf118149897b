"""The commands of a release, word by word, and in which order they are given."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from deploy import gcloud, monitoring
from deploy.canary import Release, names
from deploy.gcloud import Place, Traffic
from deploy.judgement import Figures
from deploy.running import Command, built_image
from shared.manifest import manifest
from tests.deploy.recorded import PLACE_WORDS, service, split

PLACE = Place("online-boutique-dev", "europe-west1")
IMAGE = f"europe-docker.pkg.dev/online-boutique-dev/boutique/services@sha256:{'5a' * 32}"


class Told:
    """Answers as gcloud does while a tenth goes to the canaries, and keeps what it was told; `refuses` one command."""

    def __init__(self, refuses: str = "") -> None:
        self.commands: list[Command] = []
        self._refuses = refuses

    def __call__(self, command: Command) -> str:
        if command[3] == "describe":
            return json.dumps(split(command[4]))
        self.commands.append(command)
        if self._refuses and self._refuses in " ".join(command):
            raise CalledProcessError(1, command)
        return ""


def test_starts_all_new_revisions_before_any_request_goes_to_one() -> None:
    told = Told()

    Release(PLACE, ["crm", "checkout"], told).start(IMAGE, 10)

    deploys = ["gcloud", "run", "deploy"]
    update = ["gcloud", "run", "services", "update-traffic"]
    assert told.commands == [
        [*deploys, "crm", f"--image={IMAGE}", "--no-traffic", "--tag=canary", *PLACE_WORDS],
        [*deploys, "checkout", f"--image={IMAGE}", "--no-traffic", "--tag=canary", *PLACE_WORDS],
        [*update, "crm", "--to-tags=canary=10", *PLACE_WORDS],
        [*update, "checkout", "--to-tags=canary=10", *PLACE_WORDS],
    ]


def test_a_revision_that_does_not_start_leaves_everything_as_it_was() -> None:
    told = Told(refuses="deploy checkout")

    with pytest.raises(CalledProcessError):
        Release(PLACE, ["crm", "checkout"], told).start(IMAGE, 10)

    assert [command for command in told.commands if "update-traffic" in command] == []


def test_a_split_that_fails_half_way_is_taken_back() -> None:
    told = Told(refuses="checkout --to-tags")

    with pytest.raises(CalledProcessError):
        Release(PLACE, ["crm", "checkout"], told).start(IMAGE, 10)

    assert [command[4:7] for command in told.commands[-2:]] == [
        ["crm", "--to-revisions=crm-00007-old=100", "--remove-tags=canary"],
        ["checkout", "--to-revisions=checkout-00007-old=100", "--remove-tags=canary"],
    ]


@pytest.mark.parametrize(("errors", "winner"), [(0, "crm-00008-new"), (9, "crm-00007-old")])
def test_promotes_or_rolls_back(errors: int, winner: str) -> None:
    told = Told()
    found = {"crm-00007-old": Figures(900, 0, 80.0), "crm-00008-new": Figures(100, errors, 80.0)}

    verdict = Release(PLACE, ["crm"], told).finish(found, smoke_passed=True)

    assert verdict.promote == (errors == 0)
    update = ["gcloud", "run", "services", "update-traffic", "crm"]
    assert told.commands == [[*update, f"--to-revisions={winner}=100", "--remove-tags=canary", *PLACE_WORDS]]


def test_the_second_region_gets_what_was_promoted() -> None:
    told = Told()

    Release(PLACE, ["crm"], told).stand_by(IMAGE, "europe-west4")

    words = ["--project=online-boutique-dev", "--region=europe-west4", "--quiet"]
    assert told.commands == [["gcloud", "run", "deploy", "crm-standby", f"--image={IMAGE}", *words]]


def test_all_services_of_the_map_are_released() -> None:
    rows = manifest().services

    assert set(names()) == {name.replace("_", "-") for name, row in rows.items() if row.runs_on == "cloud_run"}
    assert "order-management" in names()
    assert "fraud" not in names()


@pytest.mark.parametrize(
    ("traffic", "expected"),
    [
        ([{"latestRevision": True, "percent": 100, "revisionName": "crm-00001-one"}], Traffic("crm-00001-one", None)),
        (
            [{"percent": 100, "revisionName": "crm-00001-one"}, {"revisionName": "crm-00002-two", "tag": "canary"}],
            Traffic("crm-00001-one", "crm-00002-two"),
        ),
        ([{"percent": 100, "revisionName": "crm-00002-two", "tag": "canary"}], Traffic("crm-00002-two", None)),
    ],
)
def test_reads_who_answers(traffic: list[dict[str, object]], expected: Traffic) -> None:
    assert gcloud.traffic(service("crm", *traffic)) == expected


def test_asks_monitoring_for_a_region_and_a_window() -> None:
    query = monitoring.counts(PLACE, datetime(2026, 11, 20, 10, 10, tzinfo=UTC), timedelta(minutes=10))

    assert query == {
        "filter": 'metric.type="run.googleapis.com/request_count" AND resource.type="cloud_run_revision"'
        ' AND resource.labels.location="europe-west1"',
        "interval.startTime": "2026-11-20T10:00:00Z",
        "interval.endTime": "2026-11-20T10:10:00Z",
        "aggregation.alignmentPeriod": "600s",
        "aggregation.perSeriesAligner": "ALIGN_DELTA",
        "aggregation.crossSeriesReducer": "REDUCE_SUM",
        "aggregation.groupByFields": ["resource.labels.revision_name", "metric.labels.response_code_class"],
    }


def test_pages_of_an_answer_are_put_together(requests_mock) -> None:
    url = "https://monitoring.googleapis.com/v3/projects/online-boutique-dev/timeSeries"
    requests_mock.get(url, [{"json": {"timeSeries": [1], "nextPageToken": "next"}}, {"json": {"timeSeries": [2]}}])

    assert monitoring.ask({"filter": "x"}, PLACE, "token") == {"timeSeries": [1, 2]}
    assert requests_mock.request_history[1].qs["pagetoken"] == ["next"]
    assert requests_mock.request_history[0].headers["Authorization"] == "Bearer token"


@pytest.mark.parametrize("name", ["services:latest", "services@sha256:12", ""])
def test_an_image_is_deployed_by_digest_or_not_at_all(tmp_path: Path, name: str) -> None:
    (tmp_path / "image").write_text(name)

    with pytest.raises(ValueError, match="by digest"):
        built_image(tmp_path / "image")
