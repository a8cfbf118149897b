"""Writes what is generated from the code and the rows, and checks that the files are current.

    python -m shared.hosts.local.docs [--check]

`PAGES` is the list; whoever generates another file adds a row.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from shared import errors
from shared.analytics import bigquery_schema
from shared.hosts.local import collections, flow
from shared.http import openapi
from shared.http.capability import load
from shared.manifest import Networks, ServiceRow, Topics, manifest, service_row
from shared.messaging import asyncapi

ROOT = Path(__file__).parents[3]

Page = tuple[str, Callable[[], str]]
"""A path below the repository root, and what makes the file's whole text."""


def error_kinds() -> list[type[errors.BoutiqueError]]:
    """Return every class of error that has a code of its own, by status and code."""
    kinds = {kind for kind in _tree(errors.BoutiqueError) if "code" in vars(kind)}
    return sorted(kinds, key=lambda kind: (kind.status, kind.code))


def _tree(kind: type[errors.BoutiqueError]) -> Iterable[type[errors.BoutiqueError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _tree(below)


def errors_page() -> str:
    """Return `docs/errors.md`: the closed list of codes."""
    rows = [f"| `{kind.code}` | {kind.status} | {_retry(kind)} | {_meaning(kind)} |" for kind in error_kinds()]
    return "\n".join(
        (
            "# Errors",
            "",
            "Every answer that is no success is an RFC 9457 `application/problem+json` with one of these codes, and no "
            "other.",
            "A refusal is a business answer: it is stored under the request's Idempotency-Key and given again.",
            "",
            "Generated from `shared/errors.py` by `make docs`.",
            "",
            "| code | status | can a retry help? | meaning |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        )
    )


def _meaning(kind: type[errors.BoutiqueError]) -> str:
    if kind is errors.BoutiqueError:
        return "A defect of ours, raised by nobody on purpose; the log has it under the answer's trace."
    return " ".join((kind.__doc__ or "").split())


def _retry(kind: type[errors.BoutiqueError]) -> str:
    if kind.retryable:
        return "yes"
    return "no: refusal" if issubclass(kind, errors.Refusal) else "no"


def row_schema(name: str, model: type[BaseModel]) -> str:
    """Return the JSON Schema (2020-12) of a file of `triggers/`; unknown keys are refused as the models refuse them."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://schemas.online-boutique.example/triggers/{name}.schema.json",
        "$comment": "Generated from shared/manifest.py by `make docs`.",
        **model.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def openapi_page(service: str) -> str:
    """Return `docs/openapi/<service>.json`: every route of a service and all that it may answer."""
    row = service_row(service)
    return _written(openapi.document(row, lambda name: load(service, name, row.functions[name])))


def asyncapi_page() -> str:
    """Return `docs/asyncapi.json`: every event, who publishes it and who hears it."""
    return _written(asyncapi.document(manifest()))


def firestore_page() -> str:
    """Return `docs/firestore.json`: the composite indexes and TTL policies of each service's database."""
    text = json.dumps(collections.firestore(), indent=2)
    return re.sub(r"\[\s+([^\[\]]*?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"


def bigquery_page(table: str) -> str:
    """Return `docs/bigquery/<table>.json`: a table of the analytical store, as Terraform makes it."""
    declared = bigquery_schema.table(table)
    return _written(
        {
            "table_id": table,
            "description": declared["description"],
            "time_partitioning": declared.get("timePartitioning"),
            "clustering": declared.get("clustering", {}).get("fields"),
            "schema": declared["schema"]["fields"],
        }
    )


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


PAGES: list[Page] = [
    ("docs/errors.md", errors_page),
    ("triggers/schemas/service.schema.json", lambda: row_schema("service", ServiceRow)),
    ("triggers/schemas/topics.schema.json", lambda: row_schema("topics", Topics)),
    ("triggers/schemas/networks.schema.json", lambda: row_schema("networks", Networks)),
    ("docs/asyncapi.json", asyncapi_page),
    ("docs/firestore.json", firestore_page),
    ("docs/flow.md", lambda: flow.page(manifest())),
    ("README.md", lambda: flow.readme(manifest(), ROOT / "README.md")),
    *((f"docs/bigquery/{table}.json", partial(bigquery_page, table)) for table in bigquery_schema.table_names()),
    *((f"docs/openapi/{service}.json", partial(openapi_page, service)) for service in sorted(manifest().services)),
]


def stale(pages: Iterable[Page], root: Path = ROOT) -> list[str]:
    """Return the paths whose file is missing or says something else than the code."""
    return [path for path, text in pages if not _says(root / path, text())]


def _says(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


def write(pages: Iterable[Page], root: Path = ROOT) -> list[str]:
    """Write every file that is not current; returns their paths."""
    pages = list(pages)
    changed = stale(pages, root)
    for path, text in pages:
        if path in changed:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text(), "utf-8")
    return changed


def main(arguments: list[str] | None = None) -> int:
    """Write the files; with `--check`, change nothing and return 1 if one is not current."""
    parser = argparse.ArgumentParser(prog="shared.hosts.local.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a file is not current")
    if parser.parse_args(arguments).check:
        old = stale(PAGES)
        for path in old:
            sys.stderr.write(f"{path} is not current; `make docs` writes it\n")
        return 1 if old else 0
    for path in write(PAGES):
        sys.stdout.write(f"wrote {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
