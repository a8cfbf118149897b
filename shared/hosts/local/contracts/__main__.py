"""Compares the contracts of two revisions: `make contracts ARGS="main~20 main"`; one revision: with the files here.

Prints each change with whom a break hits, and exits with 1 if there is one. It reads the checked-in documents
(docs/openapi, docs/asyncapi.json), which a test holds against the code. Own code, as decision 24 says.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from shared.hosts.local.contracts.events import compare_events
from shared.hosts.local.contracts.findings import Finding
from shared.hosts.local.contracts.routes import compare_routes

Documents = dict[str, dict[str, Any]]
ROOT = Path(__file__).parents[4]
_OPENAPI, _ASYNCAPI = "docs/openapi/", "docs/asyncapi.json"
_NO_SERVICE: dict[str, Any] = {"paths": {}}
_NO_EVENTS: dict[str, Any] = {"components": {"messages": {}}}


def compare(before: Documents, after: Documents) -> list[Finding]:
    """Return every change, the breaks first; documents are by their path."""
    found = compare_events(before.get(_ASYNCAPI, _NO_EVENTS), after.get(_ASYNCAPI, _NO_EVENTS))
    for path in sorted((before.keys() | after.keys()) - {_ASYNCAPI}):
        found += compare_routes(Path(path).stem, before.get(path, _NO_SERVICE), after.get(path, _NO_SERVICE))
    return sorted(found, key=lambda each: not each.breaks)


def documents(revision: str | None) -> Documents:
    """Return the documents of a revision, of the working folder for None; ValueError if git knows no such revision."""
    if revision is None:
        paths = [path.relative_to(ROOT).as_posix() for path in (ROOT / _OPENAPI).glob("*.json")]
        return {path: json.loads((ROOT / path).read_text("utf-8")) for path in (*paths, _ASYNCAPI)}
    listed = _git("ls-tree", "--name-only", revision, _OPENAPI, _ASYNCAPI).split()
    return {path: json.loads(_git("show", f"{revision}:{path}")) for path in listed if path.endswith(".json")}


def _git(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  (git, with arguments that are no shell's)
        ["git", *arguments],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ValueError(done.stderr.strip())
    return done.stdout


def main() -> int:
    """Print the changes; 1 if one breaks, 2 if a revision can't be read."""
    parser = argparse.ArgumentParser(prog="python -m shared.hosts.local.contracts", description=__doc__)
    parser.add_argument("before", help="a revision of git")
    parser.add_argument("after", nargs="?", help="another; the working folder if left out")
    given = parser.parse_args()
    try:
        found = compare(documents(given.before), documents(given.after))
    except ValueError as error:
        print(f"cannot compare: {error}", file=sys.stderr)  # noqa: T201
        return 2
    breaks = sum(each.breaks for each in found)
    for each in found:
        print(each)  # noqa: T201
    print(f"{breaks} breaks, {len(found) - breaks} compatible changes")  # noqa: T201
    return 1 if breaks else 0


if __name__ == "__main__":
    raise SystemExit(main())
