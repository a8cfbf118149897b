"""What each step of an order costs in CPU: `python -m bench.deliveries`, all in one process and thread, one by one.

The processes' wiring is left out, so nothing waits and a busy machine hardly matters: CPU of this thread, with the
kernel's. In turns, orders are placed, deliveries pushed in the embedded broker's batches, shipments carried, schedules
run. `--profile` adds the functions that take most by their own time (under cProfile, which makes all of it slower).
"""

import argparse
import cProfile
import json
import os
import pstats
import shutil
import sys
import tempfile
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import orders
from shared.analytics.owner import serve
from shared.calls.signer import make_keys
from shared.calls.transport import Reply, in_process
from shared.hosts.local.estate import Estate, in_one_process, warm_up
from shared.hosts.local.precedence import Precedence
from shared.hosts.local.seeding import seed
from shared.hosts.local.web import pusher
from shared.manifest import Subscription, manifest, topics
from shared.messaging.embedded.batches import Batches
from shared.messaging.embedded.connect import connect_broker
from shared.messaging.embedded.delivery import PushResult
from shared.messaging.publisher import messages_of
from shared.settings import settings
from shared.values.clock import utc_now

_TURN = 20
_DEADLINE_S = 60.0
_SCHEDULES = (("data_warehouse", "load_events"), ("accounting", "number_invoices"))


class Bench:
    """An estate in this process, and the CPU seconds that were spent on it by step and by subscription."""

    def __init__(self) -> None:
        own = settings()
        make_keys(own)
        broker = connect_broker(own)
        self.stop_store = serve(own)
        for name in manifest().services:
            seed(name, own)
        self.steps: dict[str, float] = defaultdict(float)
        self.pushes: dict[str, float] = defaultdict(float)
        self.pushed: Counter[str] = Counter()
        self._estate: Estate = in_one_process(own)
        warm_up(self._estate)
        self._push = pusher(self._estate, Precedence())
        self._batches = Batches(broker, self._timed_push, messages_of(topics()))
        self._token = self._estate.signer.token("gke-checkout", own.address("checkout"), utc_now())

    def cycle(self, first: int) -> None:
        """Bring some orders from the customer to the last event."""
        with self._step("place"):
            for number in range(first, first + _TURN):
                _right(self._place(number), 201)
        self._drain()
        with self._step("carry shipments"):
            self._carry()
        self._drain()
        with self._step("schedules"):
            for service, function in _SCHEDULES:
                self._run(service, function)
        self._drain()

    def _run(self, service: str, function: str) -> None:
        reply = self._estate.ask("scheduler", service, "POST", f"/schedules/{function}", b"{}")
        if reply.status >= 300:
            raise RuntimeError(f"{service}/{function}: {reply.status} {reply.body[:300]!r}")

    def forget(self) -> None:
        """Begin to count anew."""
        self.steps.clear()
        self.pushes.clear()
        self.pushed.clear()

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        began = time.thread_time()
        yield
        self.steps[name] += time.thread_time() - began

    def _place(self, number: int) -> Reply:
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        app = self._estate.services["checkout"]
        return in_process(app, "POST", "/orders", {}, orders.body(number), headers, _DEADLINE_S)

    def _drain(self) -> None:
        with self._step("deliver"):
            while self._batches.turn():
                pass

    def _carry(self) -> None:
        query = {"status": "planned", "limit": "100"}
        found = _right(self._estate.ask("operator", "warehouse", "GET", "/shipments", query=query), 200)
        for shipment in found["items"]:
            for verb in ("dispatch", "deliver"):
                path = f"/shipments/{shipment['shipment_id']}/{verb}"
                _right(self._estate.ask("operator", "warehouse", "POST", path, b"{}"), 200)

    def _timed_push(self, subscription: Subscription, body: bytes, attributes: dict[str, str]) -> PushResult:
        began = time.thread_time()
        result: PushResult = self._push(subscription, body, attributes)
        self.pushes[subscription.name] += time.thread_time() - began
        self.pushed[subscription.name] += 1
        return result


def _right(reply: Reply, status: int) -> Any:
    if reply.status != status:
        raise RuntimeError(f"{reply.status} instead of {status}: {reply.body[:300]!r}")
    return json.loads(reply.body)


def _show(bench: Bench, count: int) -> None:
    table = Table(title=f"CPU over {count} orders", title_justify="left")
    for column in ("ms an order", "times an order", "µs each", "what"):
        table.add_column(column, justify="left" if column == "what" else "right", no_wrap=True)
    for name, seconds in bench.steps.items():
        table.add_row(f"{seconds / count * 1000:.2f}", "", "", name)
    pushes = sum(bench.pushes.values())
    table.add_row(f"{pushes / count * 1000:.2f}", f"{bench.pushed.total() / count:.2f}", "", "  of deliver: all pushes")
    for name, seconds in sorted(bench.pushes.items(), key=lambda item: -item[1]):
        times = bench.pushed[name]
        table.add_row(
            f"{seconds / count * 1000:.2f}", f"{times / count:.2f}", f"{seconds / times * 1e6:.0f}", f"  {name}"
        )
    Console(width=130).print(table)


def main() -> int:
    """Run some cycles and print what each step took."""
    parser = argparse.ArgumentParser(prog="python -m bench.deliveries", description=__doc__)
    parser.add_argument("--orders", type=int, default=100)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--no-spans", action="store_true", help="record no spans, to see what that costs")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="boutique-bench-"))
    keys = str(folder / "identity" / "jwks.json")
    os.environ.update(BOUTIQUE_DATA=str(folder), BOUTIQUE_ESTATE="http://127.0.0.1:9", BOUTIQUE_KEYS=keys)
    if not given.no_spans:
        os.environ["BOUTIQUE_SPANS"] = str(folder / "spans")
    bench = Bench()
    bench.cycle(0)
    bench.forget()
    profile = cProfile.Profile(time.thread_time)
    if given.profile:
        profile.enable()
    turns = max(1, given.orders // _TURN)
    for turn in range(turns):
        bench.cycle(1000 + turn * _TURN)
    profile.disable()
    _show(bench, turns * _TURN)
    if given.profile:
        pstats.Stats(profile, stream=sys.stdout).sort_stats("tottime").print_stats(40)
    sys.stdout.flush()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # the services' threads and files belong to a process that ends here


if __name__ == "__main__":
    raise SystemExit(main())
