"""What the estate's processes hold while they run: resident memory and open files, sampled."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.processes import usage
from tests.estate import RunningEstate

_EVERY_S = 2.0
KINDS = ("supervisor", "background", "worker", "service")


@dataclass(frozen=True)
class Held:
    """Of all processes of a kind together: how many, resident memory in MiB, open files."""

    processes: int = 0
    rss_mib: float = 0.0
    files: int = 0

    def __str__(self) -> str:
        return f"{self.rss_mib:.0f} MiB, {self.files} files"


Sample = dict[str, Held]


def sample(estate: RunningEstate) -> Sample:
    """Look at every process of ours; emulators are not ours."""
    found = estate.processes()
    return {kind: _held(found[kind]) for kind in KINDS}


def _held(pids: list[int]) -> Held:
    rss = sum(usage(pid, alone=True).rss_mib for pid in pids)
    return Held(len(pids), rss, sum(_files(pid) for pid in pids))


def _files(pid: int) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:  # it has ended
        return 0


class Watch:
    """Samples until it is stopped, with what `done` says then (how many customers were served)."""

    def __init__(self, estate: RunningEstate, done: Callable[[], int]) -> None:
        self._estate, self._done, self._stopped = estate, done, threading.Event()
        self._seen: list[tuple[int, Sample]] = []
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        self._thread.join()

    def at(self, done: int) -> Sample | None:
        """Return the first sample after so many customers were served."""
        return next((seen for number, seen in self._seen if number >= done), None)

    @property
    def highest(self) -> Sample:
        """The highest of each figure by kind."""
        seen = [each for _, each in self._seen]
        return {
            kind: Held(
                max((each[kind].processes for each in seen), default=0),
                max((each[kind].rss_mib for each in seen), default=0.0),
                max((each[kind].files for each in seen), default=0),
            )
            for kind in KINDS
        }

    def _look(self) -> None:
        while not self._stopped.wait(_EVERY_S):
            try:
                self._seen.append((self._done(), sample(self._estate)))
            except AssertionError:  # it was killed, and is not started yet
                continue
