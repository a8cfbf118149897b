"""A suite whose server is missing says so: skipped on a laptop, failed in CI."""

from collections.abc import Callable
from typing import Any

import pytest

Require = Callable[[Any, str], None]


def test_a_laptop_leaves_out_what_it_cannot_run(require: Require, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="no Java"):
        require(None, "no Java")


def test_ci_must_run_every_suite(require: Require, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="CI must run this suite: no Java"):
        require(None, "no Java")


def test_a_suite_whose_server_is_there_runs(require: Require, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    require("/usr/bin/java", "no Java")
