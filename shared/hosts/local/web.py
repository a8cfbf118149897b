"""What a web worker process runs: the front door, one deliverer, and the thread that forgets sent outbox rows."""

import sys
import threading
import time
from contextlib import suppress

from shared.calls.transport import Wsgi
from shared.errors import Unavailable
from shared.hosts.local.admin import Admin, Body
from shared.hosts.local.estate import Estate, behind_sockets, in_one_process, warm_up
from shared.hosts.local.following import follow_parent
from shared.hosts.local.front import Front
from shared.hosts.local.layout import background_ready, is_isolated, seeded
from shared.hosts.local.precedence import Precedence
from shared.hosts.local.publishing import PublishDoor
from shared.manifest import Subscription, topics
from shared.messaging.embedded.connect import connect_broker
from shared.messaging.embedded.deliverer import Deliverer
from shared.messaging.embedded.delivery import PushResult
from shared.messaging.embedded.outcome import Push
from shared.messaging.publisher import messages_of
from shared.settings import Settings, settings
from shared.storage.connect import flush_all
from shared.telemetry.log import configure

_SWEEP_S = 0.5
_PUSHES_SIDE_BY_SIDE = 12
SWITCH_S = 0.001
"""How long a thread may keep the interpreter while others wait; Python's 5 ms would be a delivery's whole latency."""


def pusher(estate: Estate, precedence: Precedence) -> Push:
    """Return what pushes a delivery into its service, by the path of any other request."""

    def push(subscription: Subscription, body: bytes, attributes: dict[str, str]) -> PushResult:
        precedence.give_way(attributes.get("ce-time", ""))
        reply = estate.ask("push", subscription.service, "POST", subscription.path, body)
        return PushResult(reply.status, "" if reply.status == 204 else reply.body.decode(errors="replace")[:500])

    return push


def _keep_flushing() -> None:
    while True:
        time.sleep(_SWEEP_S)
        with suppress(Unavailable):  # a full disk, say: what was sent stays remembered
            flush_all()


def make() -> Wsgi:
    """Build the worker's WSGI callable and start its threads."""
    own = settings()
    configure(own.log_level)
    sys.setswitchinterval(SWITCH_S)
    follow_parent()
    isolated = is_isolated(own)
    estate = behind_sockets(own) if isolated else in_one_process(own)
    if not isolated:  # before the first request comes: fraud's import would take longer than checkout waits for it
        warm_up(estate)
        estate.answers()
    threading.Thread(target=_keep_flushing, name="flush", daemon=True).start()
    return (_on_emulators if own.platform == "emulators" else _embedded)(own, estate)


def _embedded(own: Settings, estate: Estate) -> Wsgi:
    """Return the front door with a deliverer of the embedded broker behind it."""
    broker, precedence = connect_broker(own), Precedence()
    parallel = _PUSHES_SIDE_BY_SIDE if is_isolated(own) else 1
    deliverer = Deliverer(broker, pusher(estate, precedence), messages_of(topics()), parallel=parallel)
    deliverer.start()

    def health() -> Body:
        return _health(estate, "deliverer", deliverer.healthy, deliverer.failure)

    return Front(estate, Admin(estate, broker, health), PublishDoor(broker, own), precedence)


def _on_emulators(own: Settings, estate: Estate) -> Wsgi:
    """Return the front door that Pub/Sub's emulator pushes to."""
    from shared.hosts.local.emulated import EmulatedDesk  # noqa: PLC0415  (few estates want them)
    from shared.hosts.local.pushes import Pushes  # noqa: PLC0415
    from shared.messaging.emulated.connect import connect_emulated, connect_ledger  # noqa: PLC0415

    precedence = Precedence()
    pushes = Pushes(estate, connect_ledger(own), precedence, connect_emulated(own).publish)
    desk = EmulatedDesk(own, pushes)

    def health() -> Body:
        failure = desk.failure()
        return _health(estate, "broker", failure is None, failure)

    return Front(estate, Admin(estate, desk, health), PublishDoor(desk, own), precedence, pushes)


def _health(estate: Estate, broker: str, is_well: bool, failure: str | None) -> Body:
    own = estate.settings
    checks = {
        broker: is_well,
        "background": background_ready(own),
        "seeded": seeded(own),
        "services": estate.answers(),
    }
    return {"status": "ready" if all(checks.values()) else "starting", "checks": checks, "failure": failure}


def start() -> Wsgi:
    """Start this worker; what Granian calls once in each of its processes."""
    return make()
