"""Runs scheduled functions.

At start, by their cron lines (a minute lasts two seconds here), and on the events that wake them.
"""

import logging
import threading
from datetime import datetime

from shared.hosts.local.estate import Estate
from shared.http.housekeeping import HOUSEKEEPING
from shared.manifest import manifest
from shared.messaging.embedded.connect import broker_file
from shared.messaging.embedded.wakeups import Wakeups, wake_folder
from shared.values.clock import utc_now

log = logging.getLogger(__name__)
EVERY_MINUTE = "* * * * *"
LAPTOP_MINUTE_S = 2.0
"""Whoever waits on a laptop for a sweep should not wait a minute."""
_GATHER_S = 0.25
"""Wake-ups of a burst are taken together."""
_QUIET_S = 0.2


class Scheduler:
    """A thread for sweeps, which run every minute, one for whatever else the clock runs, one for wake-ups.

    A function never runs twice at once. What sweeps up after a crash waits for no report: an hourly function may take
    a minute, and each start begins it anew until it has been done.
    """

    def __init__(self, estate: Estate, instance_id: str) -> None:
        self.instance_id = f"{instance_id}-scheduler"
        self._estate, self._stopping = estate, threading.Event()
        self._cron: dict[tuple[str, str], str] = {}
        self._wakes: dict[tuple[str, str], str] = {}
        self._running: dict[tuple[str, str], threading.Lock] = {}
        for service in manifest().services.values():
            rows = {name: row for name, row in service.functions.items() if row.schedule}
            lines = {name: str(row.schedule) for name, row in rows.items()}
            if service.runs_on == "cloud_run":
                lines |= HOUSEKEEPING
            self._cron |= {(service.service, name): line for name, line in lines.items()}
            self._wakes |= {(service.service, name): row.wakes_on for name, row in rows.items() if row.wakes_on}
        self._sweeps = {key for key, line in self._cron.items() if line == EVERY_MINUTE and key not in self._wakes}
        self._running = {key: threading.Lock() for key in self._cron}
        self._wakeups = Wakeups(wake_folder(broker_file(estate.settings)), self.instance_id)
        self._threads = [
            threading.Thread(target=each, name=each.__name__, daemon=True)
            for each in (self._sweep, self._by_calendar, self._by_events)
        ]

    def start(self) -> None:
        """Begin; everything runs once at start."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after what runs now."""
        self._stopping.set()
        self._wakeups.nudge()
        for thread in self._threads:
            thread.join(10)
        self._wakeups.close()

    def _sweep(self) -> None:
        self._by_clock(self._sweeps)

    def _by_calendar(self) -> None:
        self._by_clock(self._cron.keys() - self._sweeps)

    def _by_clock(self, keys: set[tuple[str, str]]) -> None:
        due = {key: utc_now() for key in self._cron if key in keys}
        while not self._stopping.is_set():
            now = utc_now()
            for key in [key for key, at in due.items() if at <= now]:
                if not self._stopping.is_set() and not self._running[key].locked():  # its turn comes again
                    self._run(key)
                    due[key] = _next(self._cron[key], now)
            self._stopping.wait(LAPTOP_MINUTE_S)

    def _by_events(self) -> None:
        """Run what a publish wakes, and once more when it is quiet: consumers of the last events may have left work."""
        woken: set[tuple[str, str]] = set()
        while not self._stopping.is_set():
            types = self._wakeups.wait(_QUIET_S if woken else 1.0)
            now = {key for key, wanted in self._wakes.items() if types and (wanted == "*" or wanted in types)}
            for key in now or woken:
                if not self._stopping.is_set():
                    self._run(key)
            woken = now
            self._stopping.wait(_GATHER_S)

    def _run(self, key: tuple[str, str]) -> None:
        service, function = key
        try:
            with self._running[key]:
                reply = self._estate.ask("scheduler", service, "POST", f"/schedules/{function}", b"{}")
        except Exception as error:  # one that fails or takes too long must not end the thread that runs all others
            log.warning("scheduled %s/%s gave no answer: %s", service, function, type(error).__name__)
            return
        if reply.status >= 300:
            log.warning("scheduled %s/%s answered %s", service, function, reply.status)


def _next(line: str, now: datetime) -> datetime:
    if line == EVERY_MINUTE:
        return now
    from croniter import croniter  # noqa: PLC0415

    found: datetime = croniter(line, now).get_next(datetime)
    return found
