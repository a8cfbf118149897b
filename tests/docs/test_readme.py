"""What the README says is so: commands, paths, folders, links, and its first order."""

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from shared.hosts.local import flow
from shared.hosts.local.docs import ROOT
from shared.manifest import manifest
from tests.estate import running_estate

README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = re.findall(r"```bash\n(.*?)```", README, re.DOTALL)
ROUTES = {
    f"/{service}{re.sub(r'{.*?}', '', row.path)}"
    for service, rows in manifest().services.items()
    for row in rows.functions.values()
}
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_it_is_under_two_screens() -> None:
    assert len(README.splitlines()) <= 100


def test_the_two_commands_come_first() -> None:
    assert re.findall(r"\bmake ([a-z]+)", README)[:2] == ["demo", "test"]


def test_every_command_is_a_target() -> None:
    named = set(re.findall(r"(?:`|^ {4})make ([a-z]+)", README, re.MULTILINE))

    assert named >= {"demo", "test", "up", "check", "docs", "function", "bench", "help"}
    assert named <= TARGETS


def test_the_examples_paths_are_routes() -> None:
    [example] = EXAMPLE
    asked = set(re.findall(r"\$SHOP(/[a-z_]+/[a-z_/]+)", example))

    assert asked == {"/checkout/orders", "/order_management/orders"}
    assert asked <= ROUTES


def test_the_map_of_folders_is_true_and_whole() -> None:
    named = {name for row in re.findall(r"^\| (`.*)$", README, re.MULTILINE) for name in re.findall(r"`(\w+)/`", row)}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folders = {path.split("/")[0] for path in tracked.splitlines() if "/" in path and not path.startswith(".")}

    assert folders <= named
    assert {name for name in named if not _is_there(name)} == set()


def _is_there(folder: str) -> bool:
    return any((place / folder).is_dir() for place in (ROOT, ROOT / "tests"))


def test_the_map_names_every_room_of_shared() -> None:
    [row] = re.findall(r"^\| `shared/` \| (.*)$", README, re.MULTILINE)
    rooms = {path.name for path in (ROOT / "shared").iterdir() if path.name[0] not in "._"} - {"settings.py"}

    assert set(re.findall(r"`([\w.]+)`", row)) == rooms


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{name}.md" for name in ("flow", "promises", "interfaces"))])
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / page).read_text("utf-8"))

    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_has_its_number_its_date_and_three_parts(path: Path) -> None:
    text = path.read_text("utf-8")

    assert text.startswith(f"# {int(path.stem[:4])}. ")
    assert re.search(r"^20\d\d-\d\d-\d\d, accepted$", text, re.MULTILINE)
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Consequence"]


def test_its_picture_is_the_rows() -> None:
    assert flow.readme(manifest(), ROOT / "README.md") == README


@pytest.mark.estate
def test_the_first_order_works_word_for_word(tmp_path: Path, require: Callable[[Any, str], None]) -> None:
    require(which("curl") and which("bash"), "no curl or no bash")
    with running_estate(tmp_path) as estate:
        script = EXAMPLE[0].replace("http://127.0.0.1:8080", shlex.quote(estate.url))
        command = ["bash", "-euo", "pipefail", "-c", script]
        said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)

    assert said.stdout.count('"status": "confirmed"') >= 1
    assert '"currency": "USD"' in said.stdout
