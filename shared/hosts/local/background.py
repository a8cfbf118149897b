"""The background process.

Opening data, the data warehouse's owner, schedules, and with `--fulfil auto` the people's work.
"""

import fcntl
import logging
import os
import signal
import threading

from shared.analytics.owner import serve
from shared.hosts.local.estate import behind_sockets, in_one_process
from shared.hosts.local.following import follow_parent
from shared.hosts.local.fulfilment import Fulfilment
from shared.hosts.local.layout import background_lock, is_isolated, seeded_file
from shared.hosts.local.scheduler import Scheduler
from shared.hosts.local.seeding import seed
from shared.manifest import manifest
from shared.settings import settings
from shared.storage.connect import close_all, flush_all, instance
from shared.telemetry.log import configure

log = logging.getLogger(__name__)
_TURN_S = 0.5


def run() -> None:
    """Run until SIGTERM."""
    own = settings()
    configure(own.log_level)
    follow_parent()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    stop_store = serve(own)
    for name in manifest().services:
        seed(name, own)
    seeded_file(own).touch()
    estate = behind_sockets(own) if is_isolated(own) else in_one_process(own)
    scheduler = Scheduler(estate, instance(own).id)
    scheduler.start()
    fulfilment = Fulfilment(own, scheduler.instance_id) if own.fulfil == "auto" else None
    lock = os.open(background_lock(own), os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    while not stopping.wait(_TURN_S):
        flush_all()
    if fulfilment:
        fulfilment.stop()
    scheduler.stop()
    stop_store()
    close_all()


if __name__ == "__main__":
    run()
    os._exit(0)  # all is closed; where daemon threads are left, the interpreter's end makes DuckDB report leaks
