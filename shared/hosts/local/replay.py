"""`python -m shared.hosts.local.replay`: what telling events again would do; with --go, do it then.

    dead-letters [--subscription NAME] [--id ID …]
    archive [--order ORDER] [--type TYPE] [--since TIME] [--until TIME] [--subscription NAME]

The dry run comes first in any case; it changes nothing.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from shared.errors import CallFailed
from shared.hosts.local.console import Console, Refused

_OUTCOMES = {
    "applied_before": "applied before",
    "would_be_applied": "would be applied",
    "would_be_refused": "would be refused",
    "would_be_retried": "would be tried again",
    "unwanted": "acknowledged without effect",
    "unknown": "not known",
}


def main(arguments: list[str]) -> int:
    """Print the dry run, replay if asked to; 1 if the estate refused or does not answer."""
    asked = _parser().parse_args(arguments)
    try:
        console = Console(asked.url)
        path, body = _request(asked)
        _print(_tried(console, path, body))
        if asked.go:
            print(f"replayed {_replayed(console, path, body)} deliveries")  # noqa: T201
        else:
            print("nothing was changed; add --go to replay")  # noqa: T201
    except (CallFailed, Refused) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="replay", description=(__doc__ or "").partition("\n")[0])
    what = parser.add_subparsers(dest="what", required=True)
    letters, archive = what.add_parser("dead-letters"), what.add_parser("archive")
    letters.add_argument("--id", action="append", help="an id of GET /-/dead-letters; may be repeated")
    for name in ("order", "type", "since", "until"):
        archive.add_argument(f"--{name}")
    for each in (letters, archive):
        each.add_argument("--subscription", help="a name of GET /-/subscriptions; without it all")
        each.add_argument("--url", default="http://127.0.0.1:8080", help="where the estate is")
        each.add_argument("--go", action="store_true", help="replay after the dry run")
    return parser


def _request(asked: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    if asked.what == "dead-letters":
        return "/-/dead-letters/replay", {"subscription": asked.subscription, "ids": asked.id}
    where = {name: getattr(asked, name) for name in ("type", "since", "until", "subscription")}
    return "/-/archive/replay", {"order_id": asked.order, **where}


def _pages(console: Console, path: str, body: dict[str, Any]) -> Iterator[Any]:
    if path.startswith("/-/archive"):
        yield from console.pages(path, body)
    else:
        yield console.post(path, body)


def _tried(console: Console, path: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for page in _pages(console, path, {**body, "dry_run": True}):
        yield from page["items"]


def _replayed(console: Console, path: str, body: dict[str, Any]) -> int:
    return sum(page["replayed"] for page in _pages(console, path, {**body, "dry_run": False}))


def _print(items: Iterable[dict[str, Any]]) -> None:
    counted: Counter[str] = Counter()
    for each in items:
        counted[each["outcome"]] += 1
        print("\n".join(lines(each)))  # noqa: T201
    total = ", ".join(f"{count} {_OUTCOMES[outcome]}" for outcome, count in counted.items())
    print(f"{counted.total()} deliveries: {total or 'none'}")  # noqa: T201


def lines(item: dict[str, Any]) -> Iterator[str]:
    """Yield what a person reads of one message: to whom, what would come of it, and each effect below."""
    outcome = _OUTCOMES[item["outcome"]]
    if item.get("known_by"):
        outcome += f" ({item['known_by'].replace('_', ' ')})"
    if item.get("code"):
        outcome += f": {item['code']}: {item.get('detail')}"
    yield f"{item['subscription']}  {item['event_type']} {item['event_id']}  {outcome}"
    for change in item.get("changes", ()):
        yield f"    {change['collection']}/{change['key']} {change['change']}"
    for event in item.get("events", ()):
        yield f"    publishes {event['type']} about {event['subject']}"
    if item.get("outside"):
        yield f"    then asks {item['outside']}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
