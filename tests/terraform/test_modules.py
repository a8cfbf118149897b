"""The modules' own tests pass: what each refuses, and what it makes of its variables."""

from collections.abc import Callable

import pytest

from tests.terraform.offline.terraform import STACKS, Terraform

TESTED = sorted({path.parents[1].name for path in STACKS.glob("modules/*/tests/*.tftest.hcl")} - {"manifest"})


@pytest.mark.parametrize("module", TESTED)
def test_its_own_tests_pass(terraform: Callable[[str], Terraform], module: str) -> None:
    said = terraform(f"modules/{module}").test()

    assert "Success!" in said
    assert " 0 failed" in said


def test_there_are_some() -> None:
    assert {"firewall", "internal_load_balancer", "private_service_connect", "serverless_access", "vpn"} <= set(TESTED)
