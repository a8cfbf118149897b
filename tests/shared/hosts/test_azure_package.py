"""The zip that Azure deploys: the same bytes twice, and nothing in it that it does not need."""

import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from shared.hosts import azure_package
from shared.hosts.azure_modules import NOT_ON_AZURE, ROOT, modules
from shared.hosts.azure_package import DEPENDENCIES, make_package

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def made(require: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return make_package("fraud", tmp_path_factory.mktemp("zip") / "fraud.zip")
    except subprocess.CalledProcessError as missing:
        require(False, f"no package index in reach: {missing}")
    raise AssertionError


@pytest.fixture(scope="module")
def names(made: Path) -> list[str]:
    with zipfile.ZipFile(made) as package:
        return package.namelist()


def pinned(text: str) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[\w+\])?==([^\s;]+)(?:; *python_version < [^\n]*)?", text, re.MULTILINE)
    return {name.lower().replace("_", "-"): version for name, version in reversed(found)}


def test_the_same_sources_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    assert make_package("fraud", tmp_path / "again.zip").read_bytes() == made.read_bytes()


def test_the_host_finds_what_it_looks_for_at_the_root(made: Path, names: list[str]) -> None:
    assert [name for name in names if "/" not in name] == ["function_app.py", "host.json", "requirements.txt"]
    with zipfile.ZipFile(made) as package:
        assert package.read("function_app.py") == (ROOT / "functions/fraud/function_app.py").read_bytes()
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in package.infolist()} == {0o100644}


def test_of_ours_it_holds_frauds_modules_what_they_import_and_the_rows(names: list[str]) -> None:
    ours = [name for name in names if "/" in name and not name.startswith(".")]
    assert {name.split("/")[0] for name in ours} == {"functions", "shared", "triggers"}
    assert {name for name in ours if not name.endswith(".py")} == {"functions/fraud/rules.json", "triggers/fraud.yaml"}
    assert {name.split("/")[1] for name in ours if name.startswith("functions/")} == {"__init__.py", "fraud"}
    for room in ("shared/hosts/local/", "shared/messaging/", "shared/analytics/", "shared/stock/", "shared/seed/"):
        assert not [name for name in ours if name.startswith(room)]
    for module in ("hosts/azure_package", "storage/sqlite", "storage/firestore", "calls/http", "calls/signer"):
        assert f"shared/{module}.py" not in ours


def test_no_library_of_google_no_protobuf_and_no_grpc_is_in_it(names: list[str]) -> None:
    packages = {name.removeprefix(f"{DEPENDENCIES}/").split("/")[0] for name in names if name.startswith(DEPENDENCIES)}
    assert packages >= {"azure", "pydantic", "jwt", "cryptography", "requests", "yaml12"}
    assert not [name for name in packages if re.match(r"google|proto|grpc|flask|functions_framework|msal|duckdb", name)]
    assert "azure_identity" not in "".join(packages)


def test_no_clutter_is_in_it(names: list[str]) -> None:
    parts = {part for name in names for part in name.split("/")}
    assert not parts & {"__pycache__", "tests", "bin", "local.settings.json", "local.settings.example.json", ".git"}
    assert not [name for name in names if name.endswith((".pyc", ".pyi", ".db"))]


def test_compiled_modules_are_for_python_3_12_on_linux(names: list[str]) -> None:
    compiled = [name for name in names if name.endswith(".so")]
    assert compiled
    assert not [name for name in compiled if not re.search(r"\.(cpython-312-x86_64-linux-gnu|abi3)\.so$", name)]


def test_it_is_small(made: Path) -> None:
    assert made.stat().st_size < 12 * MEGABYTE
    with zipfile.ZipFile(made) as package:
        assert sum(entry.file_size for entry in package.infolist()) < 40 * MEGABYTE


def test_what_lies_about_stays_out(tmp_path: Path) -> None:
    for name in (
        "rules.json",
        "host.json",
        "local.settings.json",
        "notes.txt",
        "pkg/__init__.py",
        "pkg/__pycache__/a.cpython-312.pyc",
        "pkg/tests/test_a.py",
        "pkg/stub.pyi",
        "pkg-1.dist-info/RECORD",
        "pkg-1.dist-info/METADATA",
        "bin/tool",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [path.name for path in azure_package._data(tmp_path)] == ["rules.json"]
    installed = {name for name, _ in azure_package._installed(tmp_path) if name.startswith("pkg")}
    assert installed == {"pkg/__init__.py", "pkg-1.dist-info/METADATA"}


def test_the_lock_has_a_hash_for_every_pin() -> None:
    lock = (ROOT / "functions/fraud/requirements.lock").read_text()
    lines = [line for line in lock.splitlines() if not line.startswith("#")]
    assert not [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+ --hash=sha256:[0-9a-f]{64}", line)]
    locked, everything = pinned(lock), pinned((ROOT / "constraints.txt").read_text())
    assert locked.items() <= everything.items()
    asked = pinned((ROOT / "functions/fraud/requirements.txt").read_text())
    assert asked.items() <= locked.items()


def test_what_is_left_out_is_there_to_be_left_out_and_imported_by_nothing_at_once() -> None:
    for name in NOT_ON_AZURE:
        module = ROOT.joinpath(*name.split("."))
        assert module.is_dir() or module.with_suffix(".py").is_file()
    left_out = [f"from {name} import" for name in NOT_ON_AZURE]
    for path in modules("fraud"):
        lines = path.read_text().splitlines()
        assert not [line for line in lines if line.startswith(tuple(left_out))], path
