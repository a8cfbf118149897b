"""The schemas that plans are checked against are of versions that versions.tf takes, and hold no type too many."""

import re
from pathlib import Path

import pytest

from tests.terraform.offline.cut import SOURCES, used
from tests.terraform.offline.server import schemas
from tests.terraform.offline.terraform import STACKS

WANTED = re.compile(r'^\s*(\w+) = \{\n\s*source\s+= "hashicorp/(\w+)"\n\s*version\s+= "~> (\d+)\.(\d+)"', re.MULTILINE)
BUILT_IN = {("resource", "terraform_data"), ("data", "terraform_remote_state")}


def wanted() -> list[tuple[str, str, int, int]]:
    """(file, provider, major, least minor) of every provider that a configuration requires."""
    return [
        (str(path.relative_to(STACKS)), provider, int(major), int(minor))
        for path in sorted(STACKS.rglob("versions.tf"))
        for name, provider, major, minor in WANTED.findall(path.read_text("utf-8"))
        if name == provider
    ]


@pytest.mark.parametrize(("file", "provider", "major", "minor"), wanted())
def test_the_schema_is_of_a_version_that_is_taken(file: str, provider: str, major: int, minor: int) -> None:
    version = [int(each) for each in schemas()[provider]["provider_version"].split(".")]

    assert version[0] == major
    assert version[1] >= minor


def test_every_stack_and_module_says_its_versions() -> None:
    folders = {path.parent for path in STACKS.rglob("main.tf")}

    assert [folder.name for folder in sorted(folders) if not (folder / "versions.tf").is_file()] == []
    assert ("gcp/versions.tf", "google", 7, 46) in wanted()


def test_schemas_are_cut_to_the_types_in_use() -> None:
    held = {
        (kind, name)
        for schema in schemas().values()
        for kind, key in (
            ("resource", "resource_schemas"),
            ("data", "data_source_schemas"),
            ("ephemeral", "ephemeral_resource_schemas"),
        )
        for name in schema[key]
    }

    assert held == used() - BUILT_IN, "`python -m tests.terraform.offline.cut` cuts them"


@pytest.mark.parametrize("provider", sorted(SOURCES))
def test_a_schema_names_the_wheels_that_it_comes_from(provider: str) -> None:
    expected = [each.replace("-", "_").replace("==", "-") for each in SOURCES[provider]]

    assert [each.split("-py3-")[0] for each in schemas()[provider]["source"]] == expected


def test_no_file_is_longer_than_200_lines() -> None:
    long = {path.name: len(path.read_text("utf-8").splitlines()) for path in Path(STACKS).rglob("*.tf")}

    assert {name: lines for name, lines in long.items() if lines > 200} == {}
