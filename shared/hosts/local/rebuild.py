"""`python -m shared.hosts.local.rebuild SERVICE`: build a service's store again from the archive of a running estate.

The new store lies in a folder of its own (--into); the running one is read only, and both hashes are printed. Exit 0 if
they are the same. Services that can be rebuilt: order_management, data_warehouse.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from shared.analytics.owner import serve
from shared.errors import CallFailed
from shared.events import Envelope
from shared.hosts.local.console import Console, Refused
from shared.settings import settings
from shared.storage.connect import close_all

SERVICES = ("order_management", "data_warehouse")
_AT_ONCE = "1000"


def main(arguments: list[str]) -> int:
    """Rebuild and compare; 1 if the hashes differ, the folder is not empty, or the estate refused."""
    asked = _parser().parse_args(arguments)
    into = Path(asked.into)
    if into.is_dir() and any(into.iterdir()):
        print(f"{into} is not empty", file=sys.stderr)  # noqa: T201
        return 1
    into.mkdir(parents=True, exist_ok=True)
    try:
        return _compare(Console(asked.url), asked.service, into)
    except (CallFailed, Refused) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rebuild", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("service", choices=SERVICES)
    parser.add_argument("--into", required=True, help="an empty folder for the new store")
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="where the estate is")
    return parser


def _compare(console: Console, service: str, into: Path) -> int:
    kept = console.get(f"/{service}/content-hash")
    own = replace(settings(), platform="embedded", data=into)
    module = import_module(f"functions.{service}.rebuild")
    with ExitStack() as ending:
        ending.callback(close_all)
        if service == "data_warehouse":
            ending.callback(serve(own))
        module.rebuild(archived(console), own)
        found = module.content(own)
    same = found.hash == kept["hash"]
    print(f"running  {kept['hash']}  {kept['counts']}")  # noqa: T201
    print(f"rebuilt  {found.hash}  {dict(found.counts)}")  # noqa: T201
    print("the same" if same else "DIFFERENT: was an order on its way? see GET /-/idle")  # noqa: T201
    return 0 if same else 1


def archived(console: Console) -> Iterator[Envelope]:
    """Yield every event of the archive, in the order of time."""
    cursor: str | None = None
    while True:
        page = console.get("/data_warehouse/archive", limit=_AT_ONCE, cursor=cursor)
        yield from map(Envelope.model_validate, page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
