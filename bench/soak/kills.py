"""Which processes die, and when: a plan drawn from a seed, carried out with `kill -9`, and how long recovery takes."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import requests

from tests.estate import RunningEstate

VICTIMS = {"worker": 7, "background": 4, "supervisor": 3, "all": 4, "all, and again while starting": 2}
"""Of twenty kills: one web worker, the background process, the supervisor (all others end with it), all at once."""
ISOLATED = VICTIMS | {"service": 10}
"""Where every service has a process of its own, these die half the time."""
_TWICE = "all, and again while starting"
_MOST_AFTER_S = 0.6
_STARTING_S = 2.5
_LOOK_S = 0.02
_BACK_WITHIN_S = 90.0
_STARTS = 5


@dataclass(frozen=True)
class Strike:
    """A `kill -9` of one victim, so many seconds after so many customers had what they wanted.

    `which` of several, from 0 to 1; `again_s`: how long after its start all are killed again, where that is the plan.
    """

    victim: str
    done: int
    after_s: float
    which: float
    again_s: float


@dataclass(frozen=True)
class Recovery:
    """How long after its kill the estate was whole again: all processes there, all of them ready."""

    victim: str
    seconds: float
    starts: int = 1


def plan(count: int, customers: int, seed: int, victims: dict[str, int] = VICTIMS) -> list[Strike]:
    """Draw `count` kills over the time in which `customers` are served, in their order."""
    drawn = random.Random(f"kills {seed}")
    deck: list[str] = []
    while len(deck) < count:
        hand = [victim for victim, share in victims.items() for _ in range(share)]
        drawn.shuffle(hand)
        deck += hand
    moments = sorted(drawn.randrange(1, customers) for _ in range(count))
    return [
        Strike(victim, done, drawn.uniform(0, _MOST_AFTER_S), drawn.random(), drawn.uniform(0, _STARTING_S))
        for victim, done in zip(deck, moments, strict=False)
    ]


def carry_out(estate: RunningEstate, strikes: list[Strike], wait_for: Callable[[int], None]) -> Iterator[Recovery]:
    """Kill by the plan; `wait_for` returns when so many customers have what they wanted."""
    for strike in strikes:
        wait_for(strike.done)
        time.sleep(strike.after_s)
        yield _strike(estate, strike)


def _strike(estate: RunningEstate, strike: Strike) -> Recovery:
    began, victim = time.monotonic(), strike.victim
    starts = 1
    if victim in ("all", "supervisor", _TWICE):
        if victim == "supervisor":
            estate.kill_one(victim)
        else:
            estate.kill()
        if victim == _TWICE:
            estate.launch()
            time.sleep(strike.again_s)
            estate.kill()
        starts = _start(estate)
    else:
        before = estate.processes()[victim]
        estate.kill_one(victim, strike.which)
        until = began + _BACK_WITHIN_S
        while not _is_whole(estate, victim, before):
            if time.monotonic() > until:
                raise AssertionError(f"no new {victim} after {_BACK_WITHIN_S} s\n{estate.output[-4000:]}")
            time.sleep(_LOOK_S)
    return Recovery(victim, time.monotonic() - began, starts)


def _start(estate: RunningEstate) -> int:
    """Start on the same data, as a service manager would: again if the predecessor's processes are still ending."""
    for starts in range(1, _STARTS):
        try:
            estate.start()
        except AssertionError as error:
            if "choose --" not in str(error):
                raise
        else:
            return starts
    estate.start()
    return _STARTS


def _is_whole(estate: RunningEstate, name: str, before: list[int]) -> bool:
    """Whether as many are there as before, not the same, and the estate says that it is ready."""
    now = estate.processes()[name]
    if len(now) < len(before) or set(now) >= set(before):
        return False
    try:
        return estate.ask("GET", "/-/health", caller=None, timeout_s=10).status_code == 200
    except (requests.ConnectionError, requests.Timeout):
        return False
