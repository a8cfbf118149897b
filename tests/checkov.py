"""checkov, which knows what clouds' configurations are better without: an environment of its own, and a run of it.

python -m tests.checkov      looks through terraform/; 1 if anything is found

What is meant so is said where it is, with the reason: `# checkov:skip=CKV_GCP_74: …`.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.environments import ROOT, environment


@dataclass(frozen=True)
class Checked:
    """What it says of a folder: how much is fine, what was found, what was said to be meant so."""

    passed: int
    failed: list[str]
    skipped: dict[str, str]
    """The reason by "check resource"."""


def checked(folder: Path = ROOT / "terraform") -> Checked:
    """Look through a folder, without the network. NotMade where checkov can't be installed."""
    command = [str(environment("checkov") / "bin" / "checkov"), "--directory", str(folder)]
    options = ["--framework", "terraform", "--skip-download", "--compact", "--output", "json"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    report: dict[str, Any] = json.loads(done.stdout)
    found = report["results"]
    return Checked(
        report["summary"]["passed"],
        sorted(f"{each['check_id']} {each['resource']}: {each['check_name']}" for each in found["failed_checks"]),
        {
            f"{each['check_id']} {each['resource']}": each["check_result"]["suppress_comment"]
            for each in found["skipped_checks"]
        },
    )


if __name__ == "__main__":
    said = checked()
    print(f"{said.passed} passed, {len(said.skipped)} meant so, {len(said.failed)} found", *said.failed, sep="\n")
    sys.exit(bool(said.failed))
