"""`make function`: a new capability works from its first minute."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.hosts.local.scaffold import ScaffoldRefused, add, main
from shared.manifest import service_row
from tests.architecture import rules

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for name in ("shared", "functions", "triggers"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tests").mkdir()
    for path in (ROOT / "pyproject.toml", *(ROOT / "tests").glob("*.py")):
        shutil.copy(path, root / path.relative_to(ROOT))
    return root


def run(root: Path, *command: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        check=False,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_new_capability_has_a_row_a_function_and_a_test_that_passes(tree: Path) -> None:
    before = (tree / "triggers" / "inventory.yaml").read_text()

    rows, function, test = add("inventory", "appraise_stock", tree)

    row = service_row("inventory", tree / "triggers").functions["appraise_stock"]
    assert (row.http, row.callers) == ("POST /appraise-stock", ("operator",))
    assert function == tree / "functions" / "inventory" / "appraise_stock.py"
    returned, output = run(tree, "pytest", str(test))
    assert (returned, "2 passed" in output) == (0, True), output
    for check in (("ruff", "check", "--no-cache"), ("ruff", "format", "--check", "--no-cache"), ("mypy",)):
        returned, output = run(tree, *check, str(function))
        assert returned == 0, output
    assert run(tree, "ruff", "format", "--check", "--no-cache", str(test))[0] == 0
    assert rules.bare_strings(rows) == []
    added = '  appraise_stock:\n    http: "POST /appraise-stock"\n    callers: [operator]\n'
    assert rows.read_text().replace(added, "") == before


def test_the_functions_host_serves_fraud_below_api(tree: Path) -> None:
    add("fraud", "list_rules", tree)

    assert service_row("fraud", tree / "triggers").functions["list_rules"].http == "POST /api/list-rules"


@pytest.mark.parametrize(
    ("service", "name", "complaint"),
    [
        ("inventory", "reserve_stock", "has a row reserve_stock already"),
        ("inventory", "Count", "a verb and an object"),
        ("inventory", "count", "a verb and an object"),
        ("inventory", "count-stock", "a verb and an object"),
        ("inventory", "../appraise_stock", "a verb and an object"),
        ("inventory", "", "a verb and an object"),
        ("stocktaking", "appraise_stock", "no such service; there are accounting, backoffice, checkout"),
        ("topics", "appraise_stock", "no such service"),
        ("", "appraise_stock", "no such service"),
    ],
)
def test_refuses_what_cannot_be_added_and_changes_nothing(tree: Path, service: str, name: str, complaint: str) -> None:
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}

    with pytest.raises(ScaffoldRefused, match=complaint):
        add(service, name, tree)

    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before


def test_refuses_to_write_over_a_file(tree: Path) -> None:
    (tree / "functions" / "crm").mkdir(exist_ok=True)
    there = tree / "functions" / "crm" / "greet_customers.py"
    there.write_text("# mine\n")

    with pytest.raises(ScaffoldRefused, match=r"functions/crm/greet_customers\.py is there already"):
        add("crm", "greet_customers", tree)

    assert there.read_text() == "# mine\n"


def test_says_why_it_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--service", "inventory", "--name", "reserve_stock"]) == 2
    assert capsys.readouterr().err == "make function: triggers/inventory.yaml has a row reserve_stock already\n"
