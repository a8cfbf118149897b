"""The JSON Schemas of triggers/: made from the row models, so editors and Python refuse the same."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.hosts.local import docs
from shared.manifest import FOLDER, NOT_SERVICES, read_yaml

PATHS = sorted(FOLDER.glob("*.yaml"))


def validator(path: Path) -> Draft202012Validator:
    name = path.stem if path.stem in NOT_SERVICES else "service"
    schema = json.loads((FOLDER / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def complaints(path: Path, rows: Any) -> list[str]:
    return [error.message for error in validator(path).iter_errors(rows)]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_every_file_of_rows_is_valid(path: Path) -> None:
    assert complaints(path, read_yaml(path)) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_an_unknown_key_is_refused(path: Path) -> None:
    found = complaints(path, {**read_yaml(path), "colour": "blue"})

    assert len(found) == 1
    assert "'colour' was unexpected" in found[0]


def test_an_unknown_key_of_a_row_is_refused() -> None:
    path = FOLDER / "checkout.yaml"
    rows = read_yaml(path)
    rows["functions"]["place_order"]["retries"] = 3
    rows["scale"]["disk"] = "1Gi"

    assert sorted(complaints(path, rows)) == [
        "Additional properties are not allowed ('disk' was unexpected)",
        "Additional properties are not allowed ('retries' was unexpected)",
    ]


def test_a_row_may_name_one_event_or_a_list() -> None:
    path = FOLDER / "inventory.yaml"
    rows = read_yaml(path)
    rows["functions"]["commit_reservation"]["event"] = "shipment.dispatched"

    assert complaints(path, rows) == []


def test_generated_files_are_current() -> None:
    assert docs.stale(docs.PAGES) == [], "`make docs` writes them"


def test_a_stale_file_is_named_and_then_written(tmp_path: Path) -> None:
    pages: list[docs.Page] = [("docs/one.md", lambda: "new\n"), ("two.md", lambda: "two\n")]
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "one.md").write_text("old\n")
    (tmp_path / "two.md").write_text("two\n")

    assert docs.stale(pages, tmp_path) == ["docs/one.md"]
    assert docs.write(pages, tmp_path) == ["docs/one.md"]
    assert docs.stale(pages, tmp_path) == []
    assert (tmp_path / "docs" / "one.md").read_text() == "new\n"


def test_every_error_has_a_code_of_its_own_in_the_list() -> None:
    codes = [kind.code for kind in docs.error_kinds()]

    assert sorted(codes) == sorted(set(codes))
    assert {"invalid", "out_of_stock", "in_progress", "idempotency_key_reused", "internal"} <= set(codes)
    for code in codes:
        assert f"| `{code}` |" in docs.errors_page()
