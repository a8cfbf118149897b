"""Terraform without a network: providers of the cut schemas, and a copy of the configuration that a test may spoil."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.offline.copies import GIVEN, copied
from tests.terraform.offline.kept import kept
from tests.terraform.offline.server import serving
from tests.terraform.offline.terraform import Terraform


@pytest.fixture(scope="session")
def providers() -> Iterator[dict[str, str]]:
    """The variables by which Terraform finds the providers that this process plays."""
    with serving() as variables:
        yield variables


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the configuration that nobody changes."""
    return copied(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def terraform(
    providers: dict[str, str], project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Terraform]:
    """Terraform in a folder below terraform/ ("gcp", "modules/manifest"), initialised once."""
    known: dict[str, Terraform] = {}

    def ready(folder: str) -> Terraform:
        if folder not in known:
            known[folder] = Terraform(
                project / "terraform" / folder, tmp_path_factory.mktemp("data") / "init", providers
            )
            known[folder].init()
        return known[folder]

    return ready


@pytest.fixture(scope="session")
def plan(terraform: Callable[[str], Terraform]) -> Callable[[str, str], dict[str, Any]]:
    """The plan of a stack for an environment, as JSON: `plan("gcp", "dev")`; made once of the same files."""
    known: dict[tuple[str, str], dict[str, Any]] = {}

    def made(stack: str, environment: str) -> dict[str, Any]:
        if (stack, environment) not in known:
            known[stack, environment] = kept(
                f"{stack}-{environment}", lambda: terraform(stack).plan(environment, **GIVEN.get(stack, {}))
            )
        return known[stack, environment]

    return made


@pytest.fixture
def spoilt(providers: dict[str, str], tmp_path: Path) -> Callable[[str, str, str, str], Terraform]:
    """Terraform over a copy in which a text of a file is another: `spoilt("gcp", "gcp/main.tf", before, after)`.

    The file is named below terraform/.
    """

    def changed(stack: str, file: str, before: str, after: str) -> Terraform:
        path = copied(tmp_path / "spoilt") / "terraform" / file
        text = path.read_text("utf-8")
        assert text.count(before) == 1, f"{before!r} is {text.count(before)} times in {file}"
        path.write_text(text.replace(before, after))
        found = Terraform(tmp_path / "spoilt" / "terraform" / stack, tmp_path / "data", providers)
        found.init()
        return found

    return changed
