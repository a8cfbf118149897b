"""One soak: an estate, its customers, the kills; then it comes to rest, and everything is looked at."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.machine import machine
from bench.soak import checks
from bench.soak.customers import Customers, Story
from bench.soak.effects import Effects, effects
from bench.soak.kills import ISOLATED, VICTIMS, Recovery, Strike, carry_out, plan
from bench.soak.memory import Sample, Watch, sample
from bench.soak.mix import customers
from shared.hosts.local.emulators import FIRESTORE, PUBSUB
from shared.settings import Settings
from shared.storage.connect import close_all, connect
from tests.emulators import emulated
from tests.estate import RunningEstate

IDLE_WITHIN_S = 600.0
_LATE_SCORES_S = 240.0
_LOOK_S = 0.25
Tell = Callable[[str], None]


@dataclass
class Soak:
    """What a soak met and left behind."""

    platform: str
    orders: int
    kills: int
    seed: int
    machine: str = field(default_factory=lambda: str(machine()))
    stories: list[Story] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    recoveries: list[Recovery] = field(default_factory=list)
    effects: Effects = field(default_factory=Effects)
    dead_letters: int = 0
    served_s: float = 0.0
    settled_s: float = 0.0
    held: dict[str, Sample] = field(default_factory=dict)
    """Memory and open files: when ready, after a tenth, the highest, when idle at the end."""
    violations: list[str] = field(default_factory=list)


@contextmanager
def running(platform: str, folder: Path, isolated: bool) -> Iterator[tuple[RunningEstate, Callable[[], Settings]]]:
    """An estate, and how its documents are read once it has ended; emulators outlive every death of ours."""
    with ExitStack() as stack:
        variables = {}
        options = ["--fulfil", "auto", "--platform", platform, *(["--isolated"] if isolated else [])]
        if platform == "emulators":
            folder.mkdir(parents=True, exist_ok=True)
            for emulator in (FIRESTORE, PUBSUB):
                log = folder / f"{emulator.component}.log"
                variables[emulator.variable] = stack.enter_context(emulated(emulator, log))
        estate = RunningEstate(folder, *options, log_level="INFO", environment=variables)

        def settings() -> Settings:
            if platform == "embedded":
                return Settings(data=estate.data)
            project = (estate.data / "emulators" / "project").read_text("ascii")
            firestore = variables[FIRESTORE.variable]
            return Settings(platform=platform, data=folder / "reader", project=project, firestore=firestore)

        try:
            yield estate.start(), settings
        finally:
            estate.kill()


def soak(
    platform: str,
    orders: int,
    kills: int,
    seed: int,
    folder: Path,
    tell: Tell,
    clients: int = 12,
    isolated: bool = False,
) -> Soak:
    """Run one and return what came of it; nothing is raised for what is wrong."""
    found = Soak(platform, orders, kills, seed)
    who = customers(orders, seed)
    strikes = plan(kills, orders, seed, ISOLATED if isolated else VICTIMS) if kills else []
    with running(platform, folder, isolated) as (estate, settings):
        found.held["ready"] = sample(estate)
        crowd = Customers(estate, who, clients)
        watch = Watch(estate, lambda: len(crowd.stories))
        began = time.monotonic()
        try:
            found.stories = crowd.served_while(lambda: _kill(found, estate, strikes, crowd, tell))
            found.met, found.served_s = crowd.met, time.monotonic() - began
            tell(f"{len(found.stories)} customers were served in {found.served_s:.0f} s")
            _come_to_rest(crowd)
        finally:
            watch.stop()
        found.settled_s = time.monotonic() - began
        tell(f"idle after {found.settled_s:.0f} s")
        found.held |= {"a tenth served": watch.at(orders // 10) or {}, "highest": watch.highest}
        found.held["idle"] = sample(estate)
        shelf = checks.Shelf.of(estate)
        found.dead_letters = len(estate.get("/-/dead-letters")["items"])
        found.violations += checks.of_the_estate(estate)
        if code := estate.stop():
            found.violations.append(f"the estate ended with {code}")
        found.effects = effects(estate.log)
        found.violations += found.effects.violations
        own = settings()
        try:
            found.violations += checks.of_the_orders(found.stories, lambda service: connect(service, own), shelf)
        finally:
            close_all()
    return found


def _kill(found: Soak, estate: RunningEstate, strikes: list[Strike], crowd: Customers, tell: Tell) -> None:
    for recovery in carry_out(estate, strikes, crowd.wait_for):
        found.recoveries.append(recovery)
        starts = f", {recovery.starts} starts" if recovery.starts > 1 else ""
        tell(f"{len(crowd.stories)} served: {recovery.victim}: whole again after {recovery.seconds:.1f} s{starts}")


def _come_to_rest(crowd: Customers) -> None:
    """Wait until nothing is outstanding, and what fraud was silent about is scored and went on."""
    crowd.estate.settle(IDLE_WITHIN_S)
    until = time.monotonic() + _LATE_SCORES_S
    silent = [each for each in crowd.stories if each.order_id and each.answers[0][1]["fraud"]["score"] is None]
    for story in silent:
        while crowd.life(story)["status"] == "held" and time.monotonic() < until:
            time.sleep(_LOOK_S)
    crowd.estate.settle(IDLE_WITHIN_S)
