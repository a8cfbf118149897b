"""Adds a capability to a service: a row, a function that works, and its test.

make function service=inventory name=appraise_stock
"""

import argparse
import keyword
import re
import sys
from pathlib import Path

from shared.manifest import NOT_SERVICES, ServiceRow, read_yaml

ROOT = Path(__file__).parents[3]

FUNCTION = '''"""{method_and_path}: answer what was asked, with the time of the answer."""

from datetime import datetime

from pydantic import Field

from shared.http.models import Answer, Command
from shared.values.clock import Timestamp


class {model}(Command):
    """What is asked."""

    reference: str = Field(min_length=1, max_length=100)


class {model}Answer(Answer):
    """What was done, and when."""

    reference: str
    at: Timestamp


def {name}(command: {model}, now: datetime) -> {model}Answer:
    """Answer the reference that was sent."""
    return {model}Answer(reference=command.reference, at=now)
'''

TEST = """from datetime import datetime

import pytest
from pydantic import ValidationError

from functions.{service}.{name} import {model}, {name}


def test_answers_the_reference_that_was_sent(now: datetime) -> None:
    answer = {name}({model}(reference="R-1"), now)

    assert (answer.reference, answer.at) == ("R-1", now)


def test_refuses_an_empty_reference() -> None:
    with pytest.raises(ValidationError, match="reference"):
        {model}(reference="")
"""


class ScaffoldRefused(Exception):
    """What was asked for can't be added; the message says what would be right."""


def add(service: str, name: str, root: Path = ROOT) -> list[Path]:
    """Add the row, the function and its test; returns the three paths. ScaffoldRefused changes nothing."""
    rows = root / "triggers" / f"{service}.yaml"
    function = root / "functions" / service / f"{name}.py"
    test = root / "tests" / "functions" / service / f"test_{name}.py"
    row = _admitted(service, name, rows)
    for path in (function, test):
        if path.exists():
            raise ScaffoldRefused(f"{path.relative_to(root)} is there already")
    words = {
        "service": service,
        "name": name,
        "model": "".join(word.capitalize() for word in name.split("_")),
        "method_and_path": f"POST {_path(row, name)}",
    }
    text = _with_row(rows.read_text("utf-8"), name, words["method_and_path"])
    for path in (function, test):
        path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_text(text, "utf-8")
    function.write_text(FUNCTION.format(**words), "utf-8")
    test.write_text(TEST.format(**words), "utf-8")
    return [rows, function, test]


def _admitted(service: str, name: str, rows: Path) -> ServiceRow:
    if not re.fullmatch(r"[a-z]+(_[a-z]+)+", name) or keyword.iskeyword(name):
        raise ScaffoldRefused(f"name={name!r}: a capability is a verb and an object, such as appraise_stock")
    services = sorted(path.stem for path in rows.parent.glob("*.yaml") if path.stem not in NOT_SERVICES)
    if service not in services:
        raise ScaffoldRefused(f"service={service!r}: no such service; there are {', '.join(services)}")
    row = ServiceRow.model_validate(read_yaml(rows))
    if name in row.functions:
        raise ScaffoldRefused(f"triggers/{rows.name} has a row {name} already")
    return row


def _path(row: ServiceRow, name: str) -> str:
    prefix = "/api" if row.runs_on == "azure_functions" else ""  # the Functions host serves below /api
    return f"{prefix}/{name.replace('_', '-')}"


def _with_row(text: str, name: str, method_and_path: str) -> str:
    """Add the row as the last of `functions:`, leaving every other byte (comments, quotes) as it is."""
    found = re.search(r"^functions:.*\n(?:[ \t]+.*\n|#.*\n|\n)*", text, re.MULTILINE)
    if found is None:
        raise ScaffoldRefused("the file has no block `functions:` to add a row to")
    end = found.start() + len(found.group().rstrip()) + 1
    row = f'  {name}:\n    http: "{method_and_path}"\n    callers: [operator]\n'
    return text[:end] + row + text[end:]


def main(arguments: list[str] | None = None) -> int:
    """Add what the arguments name; returns 2 with a message if it is refused."""
    parser = argparse.ArgumentParser(prog="shared.hosts.local.scaffold", description=__doc__)
    parser.add_argument("--service", required=True)
    parser.add_argument("--name", required=True)
    asked = parser.parse_args(arguments)
    try:
        written = add(asked.service, asked.name)
    except ScaffoldRefused as refused:
        sys.stderr.write(f"make function: {refused}\n")
        return 2
    for path in written:
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    sys.stdout.write("next: say what it does, `make docs` for the generated files, `make check`\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
