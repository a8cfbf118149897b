"""Prints the effects of an order: `make effects ORDER=ord_…`, or from log entries of the cloud.

With `--log FILE` (`-` is standard input) the entries are those of `gcloud logging read … --format json`, of every
service and of the function app; nothing is asked of an estate. docs/effects.md has the query.
"""

import argparse
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

from shared.errors import BoutiqueError
from shared.hosts.local.effects.lines import logged
from shared.hosts.local.effects.otlp import otlp
from shared.hosts.local.effects.report import Body, report_of_log
from shared.hosts.local.effects.text import text
from shared.manifest import manifest

_PATIENCE_S = 60


def main() -> int:
    """Print the report; 1 if there is none."""
    parser = argparse.ArgumentParser(prog="python -m shared.hosts.local.effects", description=__doc__)
    parser.add_argument("order_id")
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="where the estate is")
    parser.add_argument("--log", help="a file of log entries instead")
    parser.add_argument("--format", choices=("text", "json", "otlp"), default="text")
    given = parser.parse_args()
    try:
        found = _of_log(given.order_id, given.log) if given.log else _of_estate(given.order_id, given.url)
    except (BoutiqueError, OSError, ValueError) as error:
        print(f"no report: {error}", file=sys.stderr)  # noqa: T201
        return 1
    written = text(found) if given.format == "text" else json.dumps(otlp(found) if given.format == "otlp" else found)
    print(written)  # noqa: T201
    return 0


def _of_estate(order_id: str, url: str) -> Body:
    try:
        with urllib.request.urlopen(f"{url}/-/effects/{order_id}", timeout=_PATIENCE_S) as answer:  # noqa: S310
            found: Body = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        raise ValueError(json.load(error).get("detail")) from None


def _of_log(order_id: str, path: str) -> Body:
    written = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
    return report_of_log(order_id, logged(written), manifest())


if __name__ == "__main__":
    raise SystemExit(main())
