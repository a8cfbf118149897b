"""The command that compares two revisions of git."""

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

from shared.hosts.local.contracts import __main__ as command
from shared.hosts.local.contracts.__main__ import compare, documents
from shared.manifest import manifest
from tests.estate import ROOT
from tests.shared.hosts.local.contracts.example import ASYNCAPI, OPENAPI, put


def test_nothing_changed_is_nothing_told() -> None:
    now = documents(None)
    assert len(now) == len(manifest().services) + 1
    assert compare(now, now) == []


@pytest.fixture
def revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two revisions: the second has a request with one more field that is required."""
    monkeypatch.setattr(command, "ROOT", tmp_path)
    change = put("components", "schemas", "Line", "required", to=["sku", "quantity"])
    after = deepcopy(OPENAPI)
    (tmp_path / "docs" / "openapi").mkdir(parents=True)
    (tmp_path / "docs" / "asyncapi.json").write_text(json.dumps(ASYNCAPI))
    path = tmp_path / "docs" / "openapi" / "checkout.json"
    git(tmp_path, "init", "-q")
    path.write_text(json.dumps(OPENAPI))
    commit(tmp_path)
    change(after)
    path.write_text(json.dumps(after))
    commit(tmp_path)
    return tmp_path


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-qm", "a revision")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)


@pytest.mark.parametrize(
    ("given", "code", "last"),
    [
        (["HEAD~1", "HEAD"], 1, "1 breaks, 1 compatible changes"),
        (["HEAD~1"], 1, "1 breaks, 1 compatible changes"),
        (["HEAD", "HEAD~1"], 1, "1 breaks, 1 compatible changes"),
        (["HEAD", "HEAD"], 0, "0 breaks, 0 compatible changes"),
    ],
)
def test_the_command_compares_revisions_and_fails_on_a_break(
    revisions: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: list[str],
    code: int,
    last: str,
) -> None:
    monkeypatch.setattr(sys, "argv", ["contracts", *given])

    assert command.main() == code
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_an_unknown_revision_is_an_error_of_its_own() -> None:
    asked = [sys.executable, "-m", "shared.hosts.local.contracts", "no-such-revision"]
    run = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("cannot compare: fatal: ")
