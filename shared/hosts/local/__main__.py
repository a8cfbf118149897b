"""`python -m shared.hosts.local`: starts the whole estate and keeps it up until SIGTERM or Ctrl-C."""

import argparse
from pathlib import Path

from shared.hosts.local.supervisor import Plan, run


def _port(text: str) -> int:
    return _number(text, 65535, "a port is between 1 and 65535")


def _workers(text: str) -> int:
    return _number(text, 64, "between 1 and 64 workers")


def _number(text: str, most: int, rule: str) -> int:
    if not (text.isdecimal() and 0 < int(text) <= most):
        raise argparse.ArgumentTypeError(rule)
    return int(text)


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m shared.hosts.local", description=__doc__)
    parser.add_argument("--port", type=_port, default=8080)
    parser.add_argument("--data", type=Path, default=Path(".boutique"), metavar="DIR")
    parser.add_argument("--workers", type=_workers, default=2, metavar="N", help="web worker processes")
    parser.add_argument("--fulfil", choices=("manual", "auto"), default="manual", help="who dispatches and delivers")
    parser.add_argument(
        "--platform", choices=("embedded", "emulators"), default="embedded", help="which database and broker"
    )
    parser.add_argument("--isolated", action="store_true", help="every service in a process of its own")
    given = parser.parse_args()
    return run(Plan(given.port, given.data.resolve(), given.workers, given.fulfil, given.isolated, given.platform))


if __name__ == "__main__":
    raise SystemExit(main())
