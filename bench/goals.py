"""What was to be reached on two cores, and the lines of the table that are held to it."""

from dataclasses import dataclass

from bench.startup import EMBEDDED, GOOGLE, READY


@dataclass(frozen=True)
class Row:
    """A line of the table. `reached` is the furthest mark that the measurement passes, empty where there is none."""

    what: str
    measured: str
    half: str = ""
    goal: str = ""
    beyond: str = ""
    reached: str = ""


@dataclass(frozen=True)
class Goal:
    """A measure's marks, from the least demanding on; `rising` if more is better."""

    half: float
    goal: float
    beyond: float
    unit: str
    rising: bool = False

    def row(self, what: str, measured: float, detail: str = "") -> Row:
        """Return the line of a measurement."""
        passed = [
            name
            for name in ("half", "goal", "beyond")
            if (measured >= getattr(self, name) if self.rising else measured <= getattr(self, name))
        ]
        half, goal, beyond = (f"{mark:g}{self.unit}" for mark in (self.half, self.goal, self.beyond))
        shown = f"{measured:.1f}" if self.rising else f"{measured:.2f}"
        return Row(what, f"{shown}{self.unit}{detail}", half, goal, beyond, passed[-1] if passed else "no")


ACCEPTED = Goal(100, 200, 400, "/s", rising=True)
SETTLED = Goal(50, 100, 150, "/s", rising=True)
CHECKOUT_P50 = Goal(20, 10, 5, " ms")
CHECKOUT_P99 = Goal(80, 40, 20, " ms")
EVENT_P50 = Goal(16, 8, 3, " ms")
EVENT_P99 = Goal(80, 40, 15, " ms")
STARTS = dict.fromkeys((READY, EMBEDDED), Goal(1.6, 1.3, 1.15, " x")) | {GOOGLE: Goal(4, 2.5, 1.5, " x")}
"""By what is asked of a function first, and the parts it starts with."""
READY = Goal(6, 3, 1.5, " s")
CPU = Goal(40, 20, 12, " ms")
STORED = Goal(1.2, 1.1, 1.1, " x")
"""What any of these takes with many stored orders, against few."""
PEERS = Goal(5, 10, 20, " x", rising=True)
"""Orders accepted, against the fastest peer."""
