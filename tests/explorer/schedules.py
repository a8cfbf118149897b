"""What happens to one order: its story, a seed, and the faults that strike; written as one line of text.

    plain#7 lost@12x3 twice@4 shuffle
    story#seed, then faults: what, at which moment of its kind in this run, and for how many moments

A fault counts moments of its own kind from 0: requests between services and from outside (`ask`), commits of services,
publishes, pushes. What lasts (`fraud-dead@3`) counts minutes from the run's start.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

ASK, COMMIT, PUBLISH, PUSH, WHOLE = "ask", "commit", "publish", "push", "whole"

KINDS: dict[str, str] = {
    "lost": ASK,  # the request never arrives; who asked sees a failure
    "unanswered": ASK,  # it takes effect, and who asked sees a failure
    "late": ASK,  # who asked sees a failure, and it takes effect when all else is over
    "overtaken": ASK,  # it takes effect; before the failure is seen, another process finishes what lies about
    "die-before-ask": ASK,
    "die-after-ask": ASK,
    "die-before-commit": COMMIT,
    "die-after-commit": COMMIT,
    "commit-refused": COMMIT,  # the database is not available
    "commit-unsure": COMMIT,  # it commits, and says it is not available
    "unpublished": PUBLISH,
    "publish-unsure": PUBLISH,  # the broker has it, and the publisher sees a failure
    "twice": PUSH,  # delivered again at once
    "echo": PUSH,  # delivered again when all else is over
    "unheard": PUSH,  # it takes effect, and the acknowledgement is lost
    "deferred": PUSH,  # not delivered now
    "shuffle": WHOLE,  # deliveries come in any order
    "poisoned": WHOLE,  # a broken event travels with the order's own
    "broker-dead": WHOLE,
    "databases-dead": WHOLE,
    "fraud-dead": WHOLE,
    "inventory-dead": WHOLE,
    "payment-dead": WHOLE,
    "furniture-dead": WHOLE,
    "crm-dead": WHOLE,
    "warehouse-dead": WHOLE,
}
"""Fault -> the moments at which it strikes."""
PERSISTENT = ("lost", "unanswered", "late")
"""A caller asks three times: these also strike three times in a row."""
LASTING = tuple(kind for kind in KINDS if kind.endswith("-dead"))
MINUTES = (1, 4)
STEP_ASIDE = 3


class Fault(NamedTuple):
    """One thing that goes wrong."""

    kind: str
    at: int = 0
    times: int = 1

    def __str__(self) -> str:
        if KINDS[self.kind] == WHOLE and self.kind not in LASTING:
            return self.kind
        return f"{self.kind}@{self.at}" + (f"x{self.times}" if self.times > 1 else "")

    @classmethod
    def read(cls, text: str) -> "Fault":
        kind, _, where = text.partition("@")
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}; known: {', '.join(KINDS)}")
        at, _, times = where.partition("x")
        return cls(kind, int(at or 0), int(times or 1))


@dataclass(frozen=True)
class Schedule:
    """One order and what goes wrong with it."""

    story: str
    seed: int = 0
    faults: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        return " ".join([f"{self.story}#{self.seed}", *map(str, self.faults)])

    @classmethod
    def read(cls, text: str) -> "Schedule":
        first, *faults = text.split()
        story, _, seed = first.partition("#")
        return cls(story, int(seed or 0), tuple(Fault.read(each) for each in faults))

    def without(self, *faults: Fault) -> "Schedule":
        return replace(self, faults=tuple(each for each in self.faults if each not in faults))


Moments = dict[str, int]
"""How many moments of each kind an undisturbed run has."""


def single(story: str, moments: Moments) -> Iterator[Schedule]:
    """Every fault alone, at every moment of the story."""
    for kind, of in KINDS.items():
        if of == WHOLE:
            for at in MINUTES if kind in LASTING else (0,):
                yield Schedule(story, 0, (Fault(kind, at),))
            continue
        for at in range(moments.get(of, 0)):
            yield Schedule(story, 0, (Fault(kind, at),))
            if kind in PERSISTENT:
                yield Schedule(story, 0, (Fault(kind, at, STEP_ASIDE),))


def drawn(story: str, moments: Moments, seed: int) -> Schedule:
    """Two to five faults, and a half of the schedules in any order."""
    random = Random(f"{story}#{seed}")
    faults = [Fault("shuffle")] if random.random() < 0.5 else []
    for _ in range(random.randint(2, 5)):
        kind = random.choice([each for each in KINDS if each != "shuffle"])
        of = KINDS[kind]
        at = random.choice(MINUTES) if kind in LASTING else 0 if of == WHOLE else random.randrange(moments[of] + 8)
        times = STEP_ASIDE if kind in PERSISTENT and random.random() < 0.5 else 1
        faults.append(Fault(kind, at, times))
    return Schedule(story, seed, tuple(dict.fromkeys(faults)))


def all_of(moments: dict[str, Moments], seed: int) -> Iterator[Schedule]:
    """Every single fault of every story, in a drawn order, then schedules of several faults without end."""
    alone = [each for story, known in moments.items() for each in single(story, known)]
    Random(seed).shuffle(alone)
    yield from alone
    while True:
        yield from (drawn(story, known, seed) for story, known in moments.items())
        seed += 1
