"""One hot SKU: 500 buyers, 100 pieces. Exactly 100 are sold, at a rate that is compared with the normal one.

`python -m bench.hot_sku` runs it alone; exit code 1 if more or fewer were sold, or at less than half the normal rate.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass

from bench import client, load, orders
from bench.estate import Estate

BUYERS, PIECES, CLIENTS, SHARDS = 500, 100, 16, 8
HOT = orders.SKUS[0]
_NORMAL_FROM, _HOT_FROM = 30_000_000, 40_000_000
_PLACED = ("confirmed", "held")


@dataclass(frozen=True)
class Hot:
    """What came of the rush. Rates are pieces sold per second."""

    buyers: int
    pieces: int
    shards: int
    sold: int
    refused: int
    rate: float
    normal_rate: float
    violations: list[str]

    @property
    def share(self) -> float:
        """The rate as a share of the normal one."""
        return self.rate / self.normal_rate

    @property
    def holds(self) -> bool:
        """Whether exactly what there was is sold, at half the normal rate at least."""
        return not self.violations and self.share >= 0.5


def _body(number: int, sku: str) -> bytes:
    order = json.loads(orders.body(number)) | {"items": [{"sku": sku, "quantity": 1}]}
    return json.dumps(order, separators=(",", ":")).encode()


def normal(number: int) -> bytes:
    """Return the body of a buyer of one piece of any product."""
    return _body(number, orders.SKUS[number % len(orders.SKUS)])


def hot(number: int) -> bytes:
    """Return the body of a buyer of the hot product."""
    return _body(number, HOT)


def prepare(estate: Estate, shards: int) -> None:
    """Leave exactly the pieces for sale, over three locations, and split them over shards."""
    places = [each["location"] for each in estate.get(f"/inventory/stock/{HOT}")["locations"]]
    for number, place in enumerate(places):
        counted = PIECES // len(places) + (number < PIECES % len(places))
        count = {"location": place, "by": "bench", "lines": [{"sku": HOT, "counted": counted}]}
        estate.send("POST", "/inventory/counts", count, **{"Idempotency-Key": f"bench-{place}"})
    estate.send("PUT", f"/inventory/skus/{HOT}/shards", {"shards": shards})


def _rush(estate: Estate, first: int, write: Callable[[int], bytes]) -> tuple[client.Outcome, list[float]]:
    """Send all buyers; returns the outcome and when each order that was placed was answered, since the start."""
    token = estate.token("gke-checkout")
    outcome = client.run(estate.port, orders.requests(estate.host, token, first, BUYERS, write), CLIENTS)
    answers = zip(outcome.bodies, outcome.moments, strict=True)
    placed = [at - outcome.began for body, at in answers if json.loads(body).get("status") in _PLACED]
    estate.await_idle(60 + BUYERS)
    return outcome, placed


def measure(tell: Callable[[str], None], shards: int = SHARDS) -> Hot:
    """Run it in a fresh estate."""
    with Estate() as estate:
        load.warm(estate)
        tell(f"hot SKU: {BUYERS} buyers of anything")
        _, usual = _rush(estate, _NORMAL_FROM, normal)
        prepare(estate, shards)
        tell(f"hot SKU: {BUYERS} buyers of {PIECES} pieces over {shards} shards")
        outcome, placed = _rush(estate, _HOT_FROM, hot)
        return Hot(
            buyers=BUYERS,
            pieces=PIECES,
            shards=shards,
            sold=len(placed),
            refused=outcome.statuses[409],
            rate=len(placed) / max(placed, default=1.0),
            normal_rate=len(usual) / max(usual, default=1.0),
            violations=_violations(estate, outcome, len(placed), len(usual)),
        )


def _violations(estate: Estate, outcome: client.Outcome, sold: int, usual: int) -> list[str]:
    stock = estate.get(f"/inventory/stock/{HOT}")
    totals = estate.get("/inventory/control-totals")["totals"]
    facts = {
        "pieces sold": (sold, PIECES),
        "buyers told that it is sold out": (outcome.statuses[409], BUYERS - PIECES),
        "pieces available": (stock["available"], 0),
        "orders of anything placed": (usual, BUYERS),
        "pieces unexplained": (totals["stock_unexplained"], 0),
        "held pieces unexplained": (totals["reserved_unexplained"], 0),
    }
    return [f"{what}: {found}, not {wanted}" for what, (found, wanted) in facts.items() if found != wanted]


def main() -> int:
    """Run it once and print what came of it; with an argument, over so many shards."""
    shards = int(sys.argv[1]) if sys.argv[1:] else SHARDS
    found = measure(lambda text: print(text, file=sys.stderr, flush=True), shards)
    print(
        f"{found.sold} of {found.pieces} pieces sold to {found.buyers} buyers over {found.shards} shards, "
        f"{found.rate:.1f}/s; normal {found.normal_rate:.1f}/s; {found.share:.0%}"
    )
    for wrong in found.violations:
        print(f"FAILED {wrong}")
    return 0 if found.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
