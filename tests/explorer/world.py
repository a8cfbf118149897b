"""An estate in this process that can be disturbed, die and go on, in virtual time; the explorer delivers."""

import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextvars import Context
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import shared.messaging.embedded.connect as brokers
import shared.storage.connect as databases
from shared.calls.transport import Reply
from shared.errors import CallFailed, Unavailable
from shared.hosts.local.estate import Estate
from shared.http.capability import Capability
from shared.http.service import Service
from shared.http.wsgi import ServiceApp
from shared.manifest import manifest, topics
from shared.messaging.embedded.batches import Batches
from shared.messaging.embedded.broker import Broker
from shared.messaging.embedded.connect import connect_broker
from shared.messaging.embedded.delivery import Delivery, PushResult
from shared.messaging.publisher import Message, messages_of
from shared.storage.connect import connect
from tests.explorer import memory
from tests.explorer.faults import Strikes, Time, enter
from tests.explorer.schedules import ASK, PUSH, Schedule
from tests.explorer.sweeps import Sweeps
from tests.in_process import Crash, InProcess

MINUTE = 61.0  # seconds
PATIENCE = 40
"""Minutes until a run must have come to rest."""
_loaded: defaultdict[str, dict[str, Capability]] = defaultdict(dict)
"""The functions of every service, imported once for all estates."""


class Restless(AssertionError):
    """The estate does not come to rest."""


class Process:
    """A process by name; who is not the present one is gone."""

    def __init__(self, number: int) -> None:
        self.id = f"proc-{number}"

    def is_gone(self, other_id: str, leased_at: datetime, now: datetime) -> bool:
        return other_id != self.id

    def close(self) -> None:
        """Nothing to give back."""


class World(InProcess):
    """Close it. Thousands of schedules a minute are neither recorded nor held against the documents."""

    checks_the_wire = False

    def __init__(self, data: Path, template: Path | None = None) -> None:
        self.time, self.born = Time(), 0
        self.strikes = Strikes(self.time)
        self.late: list[Callable[[], object]] = []
        self.illegal: list[str] = []
        enter(self)
        if template is not None:
            shutil.copytree(template, data, dirs_exist_ok=True)
            memory.copy(template, data)
        super().__init__(data, spans="")

    def clock(self) -> datetime:
        return self.time.clock()

    def _start(self) -> None:
        self._stop_store: Callable[[], None] = lambda: None
        self.settings = self._settings
        self.services: dict[str, Service] = {}
        apps: dict[str, Any] = {}
        for name in manifest().services:
            self.services[name] = Service(name, self.settings, apps, self.clock, _loaded[name])
            apps[name] = self._watched(name, ServiceApp(self.services[name]))
        self.estate = Estate(self.settings, apps, self.clock)
        self.sweeps = Sweeps(self.services)
        self.be_born()

    def be_born(self) -> None:
        """Become a process: what a former one kept in memory is gone, what it leased or owns is orphaned."""
        self.born += 1
        process = Process(self.born)
        databases._instances[self.settings] = process  # type: ignore[assignment]
        for name in (*manifest().services, "gateway"):
            outbox = connect(name, self.settings)._outbox  # type: ignore[attr-defined]
            outbox._discarded.clear()
            outbox._instance, outbox._clock = process, self.clock
        for service in self.services.values():
            service._ports.clear()
            for made in ("_calls", "_instance", "_publisher", "_publish"):
                service.__dict__.pop(made, None)
        for former in brokers._brokers.values():
            former._file.close()
        brokers._brokers.clear()
        self.sweeps.forget()
        self.broker = connect_broker(self.settings)
        self.broker.clock = self.clock
        self._deliver_afresh()

    def _deliver_afresh(self) -> None:
        self._batches = Batches(_Unruly(self), self._push, messages_of(topics()))  # type: ignore[arg-type]

    def begin(self, schedule: Schedule) -> None:
        """Arm a schedule's faults; what is random comes of its seed from here."""
        random.seed(f"{schedule.story}#{schedule.seed}")
        self.late.clear()
        self.illegal.clear()
        for service in self.services.values():
            service.__dict__.pop("_calls", None)  # its breakers
        self._deliver_afresh()
        self.strikes.arm(schedule.faults)

    def guarded(self, work: Callable[[], Any]) -> Any:
        """Do something that may fail or kill the process; then another one is there. None if there was no answer."""
        try:
            return work()
        except CallFailed:
            return None
        except Crash:
            self.strikes.dying = False
            self.be_born()
            return None

    def minute(self) -> None:
        """A minute passes: what is scheduled runs, and what is due is delivered."""
        self.time.sleep(MINUTE)
        for service, function in self.sweeps.all:
            if self.sweeps.has_work(service, function):
                self.sweeps.run(service, function, partial(self.scheduled, service, function))
        self.pump()
        databases.flush_all()

    def scheduled(self, service: str, function: str) -> Reply | None:
        reply: Reply | None = self.guarded(lambda: self.ask("scheduler", "POST", f"/{service}/schedules/{function}"))
        return reply

    def pump(self) -> None:
        """Deliver until nothing is due."""
        while self.guarded(self._turn) != 0:
            pass

    def _turn(self) -> int:
        try:
            return self._batches.turn()
        except Unavailable:  # a deliverer logs it and goes on a little later
            return 0

    def unsettled(self) -> dict[str, int]:
        """What is unfinished and waits for nobody."""
        waiting = self.broker.backlog()
        return {**({"deliveries": waiting} if waiting else {}), **self.sweeps.unsettled()}

    def come_to_rest(self) -> None:
        """Let minutes pass until nothing is unfinished; Restless if that never happens."""
        self.pump()
        databases.flush_all()
        for _ in range(PATIENCE):
            if not self.unsettled():
                return
            self.minute()
        raise Restless(f"unfinished after {PATIENCE} minutes: {self.unsettled()}")

    def release(self) -> None:
        """What was late takes effect now."""
        waiting, self.late = self.late, []
        for each in waiting:
            self.guarded(each)

    def _watched(self, name: str, app: Any) -> Any:
        plain = super()._watched(name, app)

        def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            strikes = self.strikes
            if not strikes.armed or environ["PATH_INFO"].startswith(("/events/", "/schedules/")):
                return plain(environ, start_response)
            if strikes.is_dead(name):
                raise ConnectionError(f"{name} is out of order")
            kinds = strikes.meet(ASK)
            self._before(kinds, environ, plain)
            answer = list(plain(environ, start_response))
            self._after(kinds)
            return answer

        return call

    def _before(self, kinds: list[str], environ: dict[str, Any], app: Any) -> None:
        if not kinds:
            return
        if "die-before-ask" in kinds:
            self.strikes.die()
        if "late" in kinds:
            self.late.append(lambda: Context().run(lambda: list(app(environ, lambda *_: None))))
            raise ConnectionError("it is late")
        if "lost" in kinds:
            raise ConnectionError("it got lost")

    def _after(self, kinds: list[str]) -> None:
        if not kinds:
            return
        if "die-after-ask" in kinds:
            self.strikes.die()
        if "overtaken" in kinds:
            self.elsewhere(self._take_over)
            raise ConnectionError("others were faster")
        if "unanswered" in kinds:
            raise ConnectionError("no answer")

    def elsewhere(self, work: Callable[[], None]) -> None:
        """Do something in another process while this one waits."""
        armed, self.strikes.armed = self.strikes.armed, False
        try:
            Context().run(work)
        finally:
            self.strikes.armed = armed

    def _take_over(self) -> None:
        for _ in range(2):
            self.minute()

    def _push(self, subscription: Any, body: bytes, attributes: dict[str, str]) -> PushResult:
        push = super()._push
        strikes = self.strikes
        if not strikes.armed:
            return push(subscription, body, attributes)
        if strikes.is_dead(subscription.service):
            return PushResult(503, "out of order")
        kinds = strikes.meet(PUSH)
        if "deferred" in kinds:
            return PushResult(503, "not now")
        if "echo" in kinds:
            self.late.append(lambda: push(subscription, body, attributes))
        result = push(subscription, body, attributes)
        if "twice" in kinds:
            result = push(subscription, body, attributes)
        return PushResult(503, "not heard") if "unheard" in kinds else result

    def poison(self, order_id: str) -> None:
        """Publish an event about this order that nobody can read."""
        letter = Message(
            "order-events",
            b'{"specversion": "1.0", "id": "evt_poison", "type": "order.confirmed", "data": 7}',
            {"ce-type": "order.confirmed", "ce-id": "evt_poison", "ce-subject": order_id},
            order_id,
        )
        self.broker.publish([letter])

    def restart(self) -> None:
        self.be_born()

    def close(self) -> None:
        self.strikes.rest()
        self._stop_store()
        brokers.close_brokers()
        databases.close_all()


class _Unruly:
    """The broker as a deliverer sees it: it may hand out what is due in any order."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._broker: Broker = world.broker
        self.clock = world.clock
        self.settle = self._broker.settle

    def lease(self, limit: int, now: datetime) -> list[Delivery]:
        leased = self._broker.lease(limit, now)
        if self._world.strikes.armed and self._world.strikes.has("shuffle"):
            random.shuffle(leased)
        return leased
