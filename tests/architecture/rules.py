"""Rules on the code that no linter knows: read from the syntax tree, so that a broken copy can be held against them.

Each rule takes the root of a tree and returns what breaks it, one line each; nothing means that it holds.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from shared.events import Event, event_class
from shared.manifest import Manifest, ServiceRow

ENTRIES = {"__init__", "main", "function_app"}
HOOKS = {
    "seed",
    "outstanding",
}  # what a host asks of a service beside its capabilities: opening data, work not yet done
OUTSIDE = {"Calls", "Carrier", "Gateway", "Channels", "Mailer", "Texter", "PushService", "OldServices"}
NO_STRING = re.compile(r"0|[1-9][0-9]*|true|false|null")
PLAIN_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9 _.,;()'/|-]*")
YAML_1_1_BOOLEANS = {"y", "n", "yes", "no", "on", "off"}


def services(root: Path) -> list[Path]:
    """Return the folder of each service."""
    return sorted(path.parent for path in root.glob("functions/*/__init__.py"))


def modules(service: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Return each module of a service with its syntax tree."""
    for path in sorted(service.glob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"), str(path))


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Return (module, name) of each import, the name empty for `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def nouns_import_no_capability(root: Path, manifest: Manifest) -> list[str]:
    broken = []
    for folder in services(root):
        capabilities = set(manifest.services[folder.name].functions)
        for path, tree in modules(folder):
            if path.stem in capabilities | ENTRIES:
                continue
            for module, name in imported(tree):
                met = capabilities & {*module.split("."), name}
                if met and f"functions.{folder.name}" in module:
                    broken.append(f"{path.relative_to(root)} imports the capability {', '.join(sorted(met))}")
    return broken


def annotated_names(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Return the types that a function is given, X for `X | None`; what it hands on (`Callable[[X], …]`) is not."""
    arguments = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return {name for each in arguments if each.annotation for name in _types(each.annotation)}


def _types(annotation: ast.expr) -> set[str]:
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return {name}
        case ast.BinOp(left=left, right=right):
            return _types(left) | _types(right)
        case ast.Constant(value=str(text)):
            return _types(ast.parse(text, mode="eval").body)
        case ast.Subscript(value=ast.Name(id="Annotated" | "Optional"), slice=inner):
            return _types(inner.elts[0] if isinstance(inner, ast.Tuple) else inner)
    return set()


def transactions_meet_nothing_outside(root: Path) -> list[str]:
    broken = []
    for folder in services(root):
        for path, tree in modules(folder):
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    names = annotated_names(node)
                    if "Transaction" in names and names & OUTSIDE:
                        where = f"{path.relative_to(root)}:{node.lineno} {node.name}"
                        broken.append(f"{where} takes a Transaction and {', '.join(sorted(names & OUTSIDE))}")
    return broken


def public_functions(tree: ast.Module) -> list[str]:
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
    ]


def events_in(folder: Path) -> tuple[set[str], set[str]]:
    """Return the types of events that a service makes (calls the class), and those it names outside annotations."""
    made: set[str] = set()
    named: set[str] = set()
    for _, tree in modules(folder):
        types = {name: kind for module, name in imported(tree) if (kind := _type_of(module, name))}
        annotations = {
            id(below) for above in ast.walk(tree) for part in _annotations(above) for below in ast.walk(part)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in types:
                made.add(types[node.func.id])
            if isinstance(node, ast.Name) and node.id in types and id(node) not in annotations:
                named.add(types[node.id])
    return made, named


def _type_of(module: str, name: str) -> str | None:
    if not module.startswith("shared.events."):
        return None
    kind = getattr(__import__(module, fromlist=[name]), name, None)
    if isinstance(kind, type) and issubclass(kind, Event) and "type" in vars(kind):
        return event_class(kind.type).type
    return None


def _annotations(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.arg | ast.AnnAssign):
        return [node.annotation] if node.annotation else []
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [node.returns] if node.returns else []
    return []


def folders_and_rows_agree(folder: Path, row: ServiceRow) -> list[str]:
    """Say which rows have no file with one public function of that name, and which `verb_object` files have no row."""
    broken = []
    for name in row.functions:
        path = folder / f"{name}.py"
        if not path.is_file():
            broken.append(f"{row.service}: the row {name} has no file {name}.py")
        elif (found := public_functions(ast.parse(path.read_text("utf-8")))) != [name]:
            broken.append(f"{row.service}/{name}.py has the public functions {found}, not just {name}")
    for path, tree in modules(folder):
        if "_" in path.stem and path.stem in public_functions(tree) and path.stem not in row.functions:
            broken.append(f"{row.service}/{path.name} is a capability without a row")
    return broken


def bare_strings(path: Path) -> list[str]:
    """Say which scalars of a YAML file are unquoted and neither plain words nor whole numbers, booleans or null."""
    broken = []
    for token in yaml.scan(path.read_text("utf-8")):
        if not isinstance(token, yaml.ScalarToken) or not token.plain:
            continue
        text = token.value
        words = PLAIN_WORDS.fullmatch(text) and text.lower() not in YAML_1_1_BOOLEANS
        if not (words or NO_STRING.fullmatch(text)):
            broken.append(f"{path.name}:{token.start_mark.line + 1}: quote {text!r}")
    return broken


def cycle(callers: dict[str, set[str]]) -> list[str]:
    """Return a circle of services that call each other, or nothing. `callers[a]` are those who call a."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        found = next(filter(None, (visit(each, [*path, name]) for each in sorted(callers.get(name, ())))), [])
        done.add(name)
        return found

    return next(filter(None, (visit(name, []) for name in sorted(callers))), [])


def order_is_asked_for_where_topics_give_it(manifest: Manifest) -> list[str]:
    """Say which rows ask for order that they can't get, and which topics carry keys that no row asks for."""
    topics = manifest.topics.topics
    asking = {each.topic for each in manifest.subscriptions() if each.ordered}
    broken = [
        f"{service}.{name} asks for order and hears no event"
        for service, row in manifest.services.items()
        for name, function in row.functions.items()
        if function.ordered and not function.event
    ]
    broken += [
        f"{each.service}.{each.function} asks for order, and {each.topic} is not ordered"
        for each in manifest.subscriptions()
        if each.ordered and not topics[each.topic].ordered
    ]
    return broken + [
        f"{name} is ordered and no row asks for it" for name in topics.keys() - asking if topics[name].ordered
    ]
