"""Which of our modules a service on Azure can come to import, read from the sources; imports for types don't count."""

import ast
from collections.abc import Iterator
from pathlib import Path

from shared.manifest import service_row

ROOT = Path(__file__).parents[2]
OURS = ("shared", "functions")
NOT_ON_AZURE = {
    "shared.storage.connect": "documents: a service on Azure keeps none in our Database",
    "shared.calls.http": "a service on Azure calls nobody",
    "shared.messaging": "no event reaches it and none leaves",
    "shared.http.events": "the door of events",
    "shared.http.dry_run": "what an event would do: none reaches it",
    "shared.http.schedules": "the door of schedules",
    "functions.fraud.sqlite_history": "the laptop's store",
}
"""What is imported only where it is chosen, and never is on Azure: module or package -> why."""


def modules(service: str) -> list[Path]:
    """Return the files of every module that its function app or a row of it can come to import, in their order."""
    rows = service_row(service).functions
    to_do = {f"functions.{service}.{name}" for name in ("function_app", *rows)}
    found: dict[str, Path] = {}
    while to_do:
        name = to_do.pop()
        path = _file(name)
        if path is None or name in found or any(name == out or name.startswith(f"{out}.") for out in NOT_ON_AZURE):
            continue
        found[name] = path
        to_do |= {".".join(name.split(".")[:depth]) for depth in range(1, name.count(".") + 1)}
        to_do |= {*_imports(ast.parse(path.read_text(encoding="utf-8")))} - found.keys()
    return sorted(found.values())


def _file(name: str) -> Path | None:
    module = ROOT.joinpath(*name.split("."))
    for path in (module.with_suffix(".py"), module / "__init__.py"):
        if path.is_file():
            return path
    return None


def _imports(node: ast.AST) -> Iterator[str]:
    """Name every module of ours that a source imports; `from a import b` may mean the module a.b."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            named = [alias.name for alias in child.names]
        elif isinstance(child, ast.ImportFrom):
            named = [str(child.module), *(f"{child.module}.{alias.name}" for alias in child.names)]
        else:
            yield from _imports(child)
            continue
        yield from (name for name in named if name.partition(".")[0] in OURS)
