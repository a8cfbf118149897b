"""The commands that an operator gives pass without a network: fmt, init, validate, plan."""

import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from tests.terraform.offline import terraform as running
from tests.terraform.offline.terraform import STACKS, Terraform, program
from tests.terraform.test_seeded_mistakes import GIVEN

ENVIRONMENTS = ("dev", "staging", "prod")
SCHEDULE = GIVEN["schedule"]
FOUND = [stack for stack in ("gcp", "azure") if (STACKS / stack / "versions.tf").is_file()]


def test_every_file_is_in_its_format() -> None:
    check = [*program(), "fmt", "-check", "-recursive", str(STACKS)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, ""), "`terraform fmt -recursive terraform` mends them"


@pytest.mark.parametrize("stack", FOUND)
def test_a_stack_is_valid(terraform: Callable[[str], Terraform], stack: str) -> None:
    terraform(stack).validate()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("stack", FOUND)
def test_a_stack_is_planned_for_every_environment(
    plan: Callable[[str, str], dict[str, Any]], stack: str, environment: str
) -> None:
    planned = plan(stack, environment)

    assert planned["errored"] is False
    assert planned["variables"]["environment"]["value"] == environment


def test_the_library_plans_as_the_program(
    terraform: Callable[[str], Terraform], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine without Terraform, with providers and without."""
    for folder, given in (("modules/manifest", {}), ("modules/schedule", SCHEDULE)):
        module = terraform(folder)
        planned = module.plan(**given)["planned_values"]

        with monkeypatch.context() as without:
            without.setattr(running.shutil, "which", lambda name: None)
            assert "-c" in program()
            assert module.plan(**given)["planned_values"] == planned
