"""python -m deploy.fraud: whether Azure lists all of fraud's functions and the app answers, from inside its network."""

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

from deploy.running import Command, run
from shared.hosts.azure import OWN_ROUTES
from shared.manifest import service_row

ATTEMPTS, PAUSE_S = 12, 10.0
"""Two minutes: a Flex Consumption app takes a while to mount a new package."""


def listing(group: str, app: str) -> Command:
    """List an app's functions."""
    return ["az", "functionapp", "function", "list", f"--resource-group={group}", f"--name={app}", "--output=json"]


def missing(listed: Sequence[dict[str, Any]]) -> list[str]:
    """Return the functions that Azure ought to have found and has not; their names there are `<app>/<function>`."""
    found = {each["name"].partition("/")[2] for each in listed}
    return sorted({*service_row("fraud").functions, *OWN_ROUTES} - found)


def status(url: str) -> int:
    """Return the status of the answer to a GET; 0 if nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310  (made of the app's name)
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def wrong(listed: Sequence[dict[str, Any]], app: str, get: Callable[[str], int]) -> list[str]:
    """Return what is wrong: a function that is not there, a health that is none, a score for whoever asks."""
    told = [f"{name} is not listed" for name in missing(listed)]
    for path, expected in (("/api/health", 200), ("/api/control-totals", 401)):
        found = get(f"https://{app}.azurewebsites.net{path}")
        if found != expected:
            told.append(f"GET {path} without a token: {found}, not {expected}")
    return told


def main() -> int:
    """Look until all is well, at most two minutes; 1 if it is not."""
    parser = argparse.ArgumentParser(prog="python -m deploy.fraud")
    parser.add_argument("--group", required=True)
    parser.add_argument("--app", required=True)
    asked = parser.parse_args()
    told = ["nobody has looked"]
    for attempt in range(ATTEMPTS):
        told = wrong(json.loads(run(listing(asked.group, asked.app))), asked.app, status)
        if not told:
            break
        time.sleep(PAUSE_S if attempt < ATTEMPTS - 1 else 0)
    sys.stdout.write("".join(f"{line}\n" for line in told) or "all functions are there and answer\n")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
