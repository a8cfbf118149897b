"""python -m deploy.handover gcp|azure: what a stack has put out, written where the other stack takes it.

Each of the two stacks needs what exists only after the other was applied. `deploy.stack` plans with the file that is
written here, if it is there; nothing in it is secret, and the pipeline wants it committed.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.running import Command, run

GIVES: Mapping[str, Mapping[str, str]] = {
    "gcp": {"gcp_vpn": "gcp_vpn", "google_accounts": "account_ids", "gcp_dns": "dns"},
    "azure": {"azure_vpn": "azure_vpn", "azure_entra": "azure_entra", "fraud_host": "fraud_host"},
}
"""Variables of the other stack, and the outputs that they are."""
TAKES = {"gcp": "azure", "azure": "gcp"}


def outputs(stack: str) -> Command:
    """Ask for a stack's outputs."""
    return ["terraform", f"-chdir=terraform/{stack}", "output", "-json"]


def handed(stack: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the other stack's variables; ValueError if a part is not there yet."""
    found = {variable: told.get(output, {}).get("value") for variable, output in GIVES[stack].items()}
    lacking = [GIVES[stack][variable] for variable, value in found.items() if not _whole(value)]
    if lacking:
        raise ValueError(f"{stack} has no {', '.join(lacking)} yet: plan and apply it once more")
    return found


def _whole(value: Any) -> bool:
    """Whether nothing in it is empty: Google allots its resolver's addresses some time after they were asked for."""
    if isinstance(value, Mapping):
        return bool(value) and all(map(_whole, value.values()))
    if isinstance(value, list):
        return bool(value) and all(map(_whole, value))
    return value not in (None, "")


def path(stack: str, environment: str) -> Path:
    """Return the file of variables that a stack is given by the other."""
    return Path("terraform") / stack / "environments" / f"{environment}.given.tfvars.json"


def main() -> int:
    """Write it; 1 if something is not there yet."""
    parser = argparse.ArgumentParser(prog="python -m deploy.handover")
    parser.add_argument("stack", choices=sorted(GIVES), help="whose outputs")
    parser.add_argument("--environment", required=True, choices=["dev", "staging", "prod"])
    asked = parser.parse_args()
    try:
        found = handed(asked.stack, json.loads(run(outputs(asked.stack))))
    except ValueError as lacking:
        sys.stdout.write(f"{lacking}\n")
        return 1
    written = path(TAKES[asked.stack], asked.environment)
    written.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(f"{written}: {', '.join(found)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
