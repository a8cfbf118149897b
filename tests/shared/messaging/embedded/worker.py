"""A process that delivers: appends `<message id> <subscription>` to a log for each push. Started by test_processes.py.

Arguments: folder, instance id, seconds that each push takes.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import orjson

from shared.messaging.embedded import Broker, Deliverer, PushResult
from shared.storage.instances import LocalInstance
from shared.values.clock import utc_now
from tests.shared.messaging.embedded.rows import ROWS


def main(folder: Path, seconds: float) -> None:
    instance = LocalInstance(folder / "instances")
    broker = Broker(
        folder / "broker.db",
        ROWS,
        instance.id,
        utc_now,
        is_gone=lambda other: instance.is_gone(other, utc_now(), utc_now()),
    )
    log = os.open(folder / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def push(subscription: Any, body: bytes, attributes: dict[str, str]) -> PushResult:
        time.sleep(seconds)
        number = orjson.loads(body)["message"]["messageId"]
        os.write(log, f"{number} {subscription.service} {os.getpid()} {time.monotonic_ns()}\n".encode())
        return PushResult(204)

    deliverer = Deliverer(broker, push, lambda _: [])
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    deliverer.start()
    print("ready", flush=True)
    stopped.wait()
    deliverer.stop()
    broker.close()
    instance.close()
    sys.exit(deliverer.failure)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
