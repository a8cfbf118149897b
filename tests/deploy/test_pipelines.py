"""Both pipelines are understood to the last key, and do nothing but give targets of the Makefile."""

import copy
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from shared.hosts.azure_modules import modules
from tests.deploy.pipelines import AzurePipeline, CloudBuild

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
GOOGLE = yaml.safe_load((ROOT / "cloudbuild.yaml").read_text("utf-8"))
AZURE = yaml.safe_load((ROOT / "azure-pipelines.yml").read_text("utf-8"))
Change = Callable[[Any], Any]


def given() -> list[list[str]]:
    """What both give to make: targets and variables."""
    azure = [shlex.split(command) for command in AzurePipeline.model_validate(AZURE).commands()]
    assert {words[0] for words in azure} == {"make"}
    return [*CloudBuild.model_validate(GOOGLE).commands(), *(words[1:] for words in azure)]


def recipe(target: str) -> str:
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    return found[1] if found else ""


def test_every_command_is_a_target_with_the_variables_that_it_reads() -> None:
    for target, *variables in given():
        assert target in TARGETS
        read = set(re.findall(r"\$\((?!BIN\)|READY\)|MAKE\))(\w+)\)", recipe(target))) - {"ARGS"}
        said = {each.partition("=")[0] for each in variables} - {"ARGS"}
        assert said == read, target


@pytest.mark.parametrize("words", given(), ids=lambda words: words[0])
def test_make_knows_what_to_do(words: list[str]) -> None:
    literal = [re.sub(r"\$[{(][\w.]+[})]", "x", word) for word in words]
    dry = ["make", "--dry-run", *literal]
    done = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_google_goes_from_the_tests_to_promoting_in_order() -> None:
    after = {step.id: step.waitFor for step in CloudBuild.model_validate(GOOGLE).steps}

    assert after == {
        "machine": ["-"],
        "test": ["machine"],
        "image": ["machine"],
        "push": ["test", "image"],
        "scan": ["push"],
        "plan": ["scan"],
        "apply": ["plan"],
        "canary": ["apply"],
        "smoke": ["canary"],
        "promote": ["smoke"],
    }


def test_only_the_smoke_test_may_fail_because_promoting_reads_what_came_of_it() -> None:
    assert [step.id for step in CloudBuild.model_validate(GOOGLE).steps if step.allowFailure] == ["smoke"]


def test_the_one_command_that_is_no_target_makes_the_machine_that_has_make() -> None:
    (machine,) = [step for step in CloudBuild.model_validate(GOOGLE).steps if step.entrypoint is None]

    assert (machine.name, machine.args) == ("gcr.io/cloud-builders/docker", ["build", "--tag", "boutique-ci", ".ci"])
    assert {step.name for step in CloudBuild.model_validate(GOOGLE).steps} - {machine.name} == {"boutique-ci"}
    assert re.search(r"apt-get install .*\bmake\b", (ROOT / ".ci" / "Dockerfile").read_text())


def test_azure_tests_zips_deploys_and_looks() -> None:
    scripts = AzurePipeline.model_validate(AZURE).commands()

    assert [re.findall(r"make ([a-z-]+)", script) for script in scripts] == [
        [each] for each in ("setup", "azure", "test", "fraud-zip", "fraud-verify")
    ]


def paths_of_azure() -> list[str]:
    scripts = AzurePipeline.model_validate(AZURE).commands()
    return [word for script in scripts for word in re.findall(r"tests/[\w/.]+", script)]


def test_azure_tests_what_is_in_the_zip() -> None:
    folders = {str(path.parent.relative_to(ROOT)) for path in modules("fraud")} - {"functions", "shared"}
    stores = {"shared/storage", "shared/events"}  # types and identifiers; fraud's own store has its contract's tests
    named = paths_of_azure()

    assert [
        folder for folder in folders - stores if not any(each.startswith(f"tests/{folder}") for each in named)
    ] == []
    assert "tests/contracts/test_history_table.py" in named
    assert [each for each in named if not (ROOT / each).exists()] == []


def test_azure_tests_nothing_that_wants_an_emulator_of_googles() -> None:
    paths = [found for each in paths_of_azure() for found in [ROOT / each, *(ROOT / each).rglob("*.py")]]
    wanting = re.compile(r"\b(firestore|pubsub|bigquery)_emulator\b")

    assert [path for path in paths if path.is_file() and wanting.search(path.read_text("utf-8"))] == []


def _set(path: str, value: Any) -> Change:
    def change(told: Any) -> None:
        *way, last = path.split(".")
        for part in way:
            told = told[int(part) if part.isdigit() else part]
        told[int(last) if last.isdigit() else last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("steps.1.arg", ["check"]),
        _set("steps.1.waitFor", ["machines"]),
        _set("steps.1.waitFor", ["promote"]),
        _set("steps.1.id", "machine"),
        _set("steps.1.entrypoint", "bash"),
        _set("steps.1.args", ["check", "ARGS=${_ARGS}"]),
        _set("steps.1.allowFailure", "yes"),
        _set("substitutions._UNUSED", ""),
        _set("substitutions.REGION", ""),
        _set("options.machineType", "E2_HIGHCPU_9"),
        _set("timeout", "2h"),
        _set("artifacts", {}),
    ],
)
def test_a_mistake_in_googles_is_refused(change: Change) -> None:
    told = copy.deepcopy(GOOGLE)
    change(told)

    with pytest.raises(ValidationError):
        CloudBuild.model_validate(told)


DEPLOYS = "stages.1.jobs.0.strategy.runOnce.deploy.steps.2.inputs"


@pytest.mark.parametrize(
    "change",
    [
        _set("stages.1.dependsOn", ["builds"]),
        _set("stages.0.stage", "deploy"),
        _set("stages.0.job", {}),
        _set("stages.0.jobs.0.steps.3.scripts", "make setup"),
        _set("stages.1.jobs.0.strategy.runOnce.deploy.steps.1.artifact", "payment"),
        _set(f"{DEPLOYS}.appType", "functionApp"),
        _set(f"{DEPLOYS}.isFlexConsumption", False),
        _set(f"{DEPLOYS}.runtimeStack", "PYTHON|3.12"),
        _set(f"{DEPLOYS}.appName", "$(application)"),
        _set("variables.unused", "x"),
    ],
)
def test_a_mistake_in_azures_is_refused(change: Change) -> None:
    told = copy.deepcopy(AZURE)
    change(told)

    with pytest.raises(ValidationError):
        AzurePipeline.model_validate(told)
