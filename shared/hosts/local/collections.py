"""Which kinds of documents each service keeps: those of its own modules and of the shared ones that these import."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from shared.manifest import manifest
from shared.storage.connect import database_name
from shared.storage.documents import Document
from shared.storage.firestore_indexes import UNINDEXED, exported

_ROOT = Path(__file__).parents[3]
_OF_EVERY_SERVICE = "shared.http.records"
_NO_CAPABILITIES = {"__init__", "main", "function_app"}


def firestore() -> dict[str, Any]:
    """Return what each service's Firestore database needs; its name follows the estate's prefix."""
    rows = manifest().services
    return {
        "$comment": "Generated from the documents by `make docs`.",
        "unindexed": list(UNINDEXED),
        "services": {
            service: {"database": database_name(service, ""), **exported(kinds(service))}
            for service in sorted(rows)
            if rows[service].runs_on == "cloud_run"
        },
    }


def kinds(service: str) -> list[type[Document]]:
    """Return the kinds of documents of a service."""
    found = [each for name in _reachable(service) for each in vars(import_module(name)).values() if _is_kind(each)]
    return sorted(set(found), key=lambda kind: (kind.collection, kind.__qualname__))


def _is_kind(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Document) and hasattr(value, "collection")


def _reachable(service: str) -> set[str]:
    """Return the modules that hold the service's documents, its own and shared ones."""
    own = f"functions.{service}"
    folder = _ROOT / "functions" / service
    waiting = [f"{own}.{path.stem}" for path in folder.glob("*.py") if path.stem not in _NO_CAPABILITIES]
    met = {_OF_EVERY_SERVICE}
    while waiting:
        name = waiting.pop()
        if name not in met:
            met.add(name)
            waiting += [each for each in _imported(name) if each.startswith("shared.stock.")]
    return met


def _imported(name: str) -> Iterator[str]:
    """Return the modules that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(_file(name).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            yield from (each for each in names if _file(each).is_file())


def _file(name: str) -> Path:
    return _ROOT / f"{name.replace('.', '/')}.py"
