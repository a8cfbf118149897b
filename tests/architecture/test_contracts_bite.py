"""Each contract of pyproject.toml and of rules.py is broken in a copy of the tree, and is heard to say so."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.manifest import manifest
from tests.architecture import rules

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

SERVICES = "services meet only in HTTP calls and in shared.events"
SHARED = "shared never imports functions: hosts load them by name"
LAYERS = "the rooms of shared lie in layers"
GOOGLE = "Google's libraries only in the adapters that bear their names"
AZURE = "Azure's libraries only in Azure's host, the laptop's and Azure adapters"
FLASK = "Flask and functions-framework only in http and hosts"

CLOCK = "time is injected"
ENVIRONMENT = "only shared/settings.py reads the environment"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree as it is, somewhere else."""
    root = tmp_path_factory.mktemp("copy")
    for name in ("shared", "functions", "triggers"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


@pytest.fixture
def plant(copy: Path) -> Iterator["Planter"]:
    """Writes or extends files of the copy, and takes it back afterwards."""
    planter = Planter(copy)
    yield planter
    planter.undo()


class Planter:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.before: dict[Path, str | None] = {}

    def __call__(self, name: str, text: str) -> None:
        path = self.root / name
        self.before.setdefault(path, path.read_text("utf-8") if path.exists() else None)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((self.before[path] or "") + text, "utf-8")

    def undo(self) -> None:
        for path, text in self.before.items():
            if text is not None:
                path.write_text(text, "utf-8")
                continue
            path.unlink()
            if not any(path.parent.glob("*.py")):
                shutil.rmtree(path.parent)


def run(root: Path, *command: str) -> tuple[int, str]:
    """Run a tool of the environment in the copy, which comes before the installed project on the path."""
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        check=False,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def broken_contracts(output: str) -> list[str]:
    """The names of the contracts that import-linter found broken."""
    return re.findall(r"^(.+) BROKEN(?: \(.*\))?$", output, re.MULTILINE)


def test_the_copy_keeps_every_import_contract(copy: Path) -> None:
    returned, output = run(copy, "lint-imports")

    assert (returned, broken_contracts(output)) == (0, []), output
    for contract in (SERVICES, SHARED, LAYERS, GOOGLE, AZURE, FLASK):
        assert f"{contract} KEPT" in output


@pytest.mark.parametrize(
    ("contract", "name", "text"),
    [
        (SERVICES, "functions/bakery/spy.py", "import functions.butchery\n"),
        (SHARED, "shared/values/spy.py", "import functions\n"),
        (LAYERS, "shared/values/spy.py", "import shared.errors\n"),
        (LAYERS, "shared/errors.py", "\nimport shared.manifest\n"),
        (LAYERS, "shared/events/spy.py", "import shared.storage.database\n"),
        (LAYERS, "shared/storage/spy.py", "import shared.messaging.publisher\n"),
        (LAYERS, "shared/telemetry/spy.py", "import shared.storage.guard\n"),
        (LAYERS, "shared/messaging/spy.py", "import shared.hosts\n"),
        (LAYERS, "shared/calls/spy.py", "import shared.stock\n"),
        (LAYERS, "shared/http/spy.py", "import shared.hosts\n"),
        (LAYERS, "shared/attic.py", ""),
        (GOOGLE, "shared/storage/spy.py", "from google.cloud import firestore\n"),
        (GOOGLE, "functions/bakery/spy.py", "import google.auth\n"),
        (AZURE, "shared/http/spy.py", "import azure.functions\n"),
        (AZURE, "functions/bakery/spy.py", "from azure import functions\n"),
        (FLASK, "shared/calls/spy.py", "import flask\n"),
        (FLASK, "functions/bakery/spy.py", "import functions_framework\n"),
    ],
)
def test_an_import_across_a_border_is_named(plant: Planter, contract: str, name: str, text: str) -> None:
    plant("functions/bakery/__init__.py", "")
    plant("functions/butchery/__init__.py", "")
    plant(name, text)

    returned, output = run(plant.root, "lint-imports")

    assert returned == 1
    assert broken_contracts(output) == [contract], output


COMPLEX = "\n".join(
    (
        "def bake(loaves: int) -> int:",
        '    """Bake."""',
        *(f"    if loaves == {each}:\n        loaves += 1" for each in range(8)),
        "    return loaves\n",
    )
)


@pytest.mark.parametrize(
    ("code", "message", "name", "text"),
    [
        ("TID251", ENVIRONMENT, "shared/http/spy.py", 'import os\n\nHOME = os.environ["HOME"]\n'),
        ("TID251", ENVIRONMENT, "shared/hosts/spy.py", 'from os import getenv\n\nHOME = getenv("HOME")\n'),
        ("TID251", CLOCK, "shared/http/spy.py", "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n"),
        ("TID251", CLOCK, "shared/hosts/spy.py", "import datetime\n\nNOW = datetime.datetime.now(datetime.UTC)\n"),
        ("TID251", CLOCK, "functions/bakery/spy.py", "import time\n\nNOW = time.time()\n"),
        ("C901", "too complex (9 > 8)", "functions/bakery/spy.py", COMPLEX),
        ("D103", "Missing docstring in public function", "functions/bakery/spy.py", "def bake() -> None:\n    pass\n"),
        ("N802", "should be lowercase", "functions/bakery/spy.py", 'def bakeBread() -> None:\n    """Bake."""\n'),
        ("T201", "`print` found", "functions/bakery/spy.py", 'print("bread")\n'),
    ],
)
def test_what_ruff_forbids_is_named(plant: Planter, code: str, message: str, name: str, text: str) -> None:
    plant("functions/bakery/__init__.py", '"""Bread."""\n')
    plant(name, '"""A spy."""\n\n' + text)

    returned, output = run(plant.root, "ruff", "check", "--no-cache", "--output-format", "concise", name)

    assert returned == 1
    assert f" {code} " in output
    assert message in output


def test_ruff_finds_nothing_in_an_honest_file(plant: Planter) -> None:
    plant("functions/bakery/__init__.py", '"""Bread."""\n')

    assert run(plant.root, "ruff", "check", "--no-cache", "functions/bakery")[0] == 0


def test_nobody_is_excused_from_the_banned_names_but_by_file() -> None:
    excused = [
        path
        for room in ("shared", "functions")
        for path in (ROOT / room).rglob("*.py")
        if "TID251" in path.read_text("utf-8")
    ]

    assert excused == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("no-untyped-def", "def bake(loaves):\n    return loaves\n"),
        ("arg-type", 'def bake(loaves: int) -> int:\n    return loaves\n\n\nbake("two")\n'),
        ("", "def bake(loaves: int) -> int:\n    return loaves\n"),
    ],
)
def test_mypy_is_strict(plant: Planter, code: str, text: str) -> None:
    plant("functions/bakery/__init__.py", "")
    plant("functions/bakery/spy.py", text)

    returned, output = run(plant.root, "mypy", "functions/bakery/spy.py")

    assert returned == (1 if code else 0), output
    assert f"[{code}]" in output or not code


def test_a_noun_that_imports_a_capability_is_named(plant: Planter) -> None:
    row = manifest().services["crm"]
    capability = next(iter(row.functions))
    for text in (f"from functions.crm.{capability} import {capability}\n", f"from functions.crm import {capability}\n"):
        plant("functions/crm/spy.py", text)

        found = rules.nouns_import_no_capability(plant.root, manifest())

        assert found == [f"functions/crm/spy.py imports the capability {capability}"]


@pytest.mark.parametrize("port", ["Calls", "Gateway", "Channels", "Mailer", "Texter", "PushService"])
@pytest.mark.parametrize("written", ["{}", "{} | None", '"{}"', "Annotated[{}, 1]", "ports.{}"])
def test_a_transaction_beside_an_effect_outside_is_named(plant: Planter, port: str, written: str) -> None:
    plant("functions/crm/spy.py", f"def spy(tx: Transaction, *, out: {written.format(port)}) -> None:\n    pass\n")

    found = rules.transactions_meet_nothing_outside(plant.root)

    assert found == [f"functions/crm/spy.py:1 spy takes a Transaction and {port}"]


def test_an_effect_outside_may_be_told_what_to_write_afterwards(plant: Planter) -> None:
    plant("functions/crm/spy.py", "def spy(call: Calls, also: Callable[[Transaction], None]) -> None:\n    pass\n")

    assert rules.transactions_meet_nothing_outside(plant.root) == []


def test_an_event_that_no_row_publishes_is_seen(plant: Planter) -> None:
    plant("functions/crm/spy.py", "from shared.events.order import OrderCancelled\n\nOrderCancelled(by='crm')\n")

    made, named = rules.events_in(plant.root / "functions" / "crm")

    assert "order.cancelled" in made & named


def test_an_event_that_is_only_listened_to_is_not_seen(plant: Planter) -> None:
    before = rules.events_in(plant.root / "functions" / "crm")
    plant(
        "functions/crm/spy.py",
        "from shared.events.order import OrderCancelled\n\n\ndef spy(event: OrderCancelled) -> None:\n    pass\n",
    )

    assert rules.events_in(plant.root / "functions" / "crm") == before


def test_a_capability_without_a_row_and_a_row_without_a_capability_are_named(plant: Planter) -> None:
    row = manifest().services["crm"]
    before = set(rules.folders_and_rows_agree(plant.root / "functions" / "crm", row))
    plant("functions/crm/spy_customers.py", "def spy_customers() -> None:\n    pass\n")
    plant("functions/crm/get_customer.py", "\n\ndef another() -> None:\n    pass\n")

    found = set(rules.folders_and_rows_agree(plant.root / "functions" / "crm", row)) - before

    assert "crm/spy_customers.py is a capability without a row" in found
    assert any(each.startswith("crm/get_customer.py has the public functions") for each in found)
