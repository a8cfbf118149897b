"""`python -m bench`: measures the whole estate under load and prints what it found beside what was to be reached.

Exit code 1 if fewer than 99 % of the orders were confirmed or an invariant does not hold at the end.
"""

import argparse
import json
import sys
from pathlib import Path

from bench import hot_sku, latency, load, startup
from bench.estate import ROOT, Estate
from bench.machine import machine
from bench.orders import MOST
from bench.page import markdown, show
from bench.peers import vendure
from bench.peers.installation import Absent
from bench.results import Results
from bench.stored import comparison
from shared.values.clock import utc_now

CLIENTS = (1, 4, 16)
_LOW_LOAD_FROM = 20_000_000
LEAST_STORED = 2 * comparison.FEW


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about a minute: fewer orders and starts")
    parser.add_argument("--orders", type=int, default=0, metavar="N", help="orders at each number of clients")
    parser.add_argument(
        "--stored",
        type=int,
        default=0,
        metavar="N",
        help="compare N stored orders (100000) with 1,000: some minutes",
    )
    parser.add_argument("--peers", action="store_true", help="measure Vendure on this machine too, if node is here")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything there as JSON")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    given = parser.parse_args()
    if not 0 <= given.orders <= MOST:
        parser.error(f"the opening stock is enough for {MOST} orders")
    if given.stored and given.stored < LEAST_STORED:
        parser.error(f"at least {LEAST_STORED} stored orders")
    return given


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _low_load(count: int) -> latency.Latencies:
    with Estate() as estate:
        load.warm(estate)
        return latency.measure(estate, _LOW_LOAD_FROM, count)


def _peer(count: int) -> vendure.Peer | str:
    try:
        return vendure.measure(count, CLIENTS, _tell)
    except Absent as reason:
        return str(reason)


def main() -> int:
    """Run everything; 0 if the estate did right, however fast it was."""
    given = _arguments()
    count = given.orders or (200 if given.quick else 1000)
    here = machine()
    _tell(f"start-up of functions, {3 if given.quick else 9} rounds")
    empty_ms, starts = startup.measure(3 if given.quick else 9)
    _tell("event latency at low load")
    latencies = _low_load(15 if given.quick else 100)
    loads = [load.measure(clients, count, _tell) for clients in CLIENTS]
    hot = hot_sku.measure(_tell)
    stored = comparison.compare(given.stored, _tell, size=10 if given.quick else 1) if given.stored else None
    peer = _peer(30 if given.quick else 200) if given.peers else None
    results = Results(f"{utc_now():%Y-%m-%d}", here, loads, latencies, empty_ms, starts, hot, stored, peer)
    show(results)
    if given.json:
        given.json.write_text(json.dumps(results.plain(), indent=2) + "\n", "utf-8")
    if given.write:
        (ROOT / "docs" / "benchmarks.md").write_text(markdown(results), "utf-8")
    return 1 if results.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
