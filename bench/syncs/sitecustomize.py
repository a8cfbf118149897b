"""Loaded by every process of an estate that is profiled (by PYTHONPATH): counts its fdatasyncs and the time they take.

Twice a second it writes [[file, thread, times, seconds], …] as `$BENCH_SYNCS/<pid>.json`. Benchmarks never load it.
"""

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

_fdatasync = os.fdatasync
_folder = os.environ.get("BENCH_SYNCS")
_counted: dict[tuple[str, str], list[float]] = {}


def _counting(fd: Any) -> None:
    began = time.perf_counter()
    _fdatasync(fd)
    took = time.perf_counter() - began
    name = Path(f"/proc/self/fd/{fd}").readlink().name
    entry = _counted.setdefault((name, threading.current_thread().name.split("-")[0]), [0, 0.0])
    entry[0] += 1
    entry[1] += took


def _keep_writing(folder: str) -> None:
    while True:
        time.sleep(0.5)
        rows = [[*key, *entry] for key, entry in list(_counted.items())]
        if rows:
            path = Path(folder) / f"{os.getpid()}.json"
            path.with_suffix(".new").write_text(json.dumps(rows))
            path.with_suffix(".new").replace(path)


def _start() -> None:
    threading.Thread(target=_keep_writing, args=(_folder,), name="syncs", daemon=True).start()


if _folder:
    os.fdatasync = _counting
    os.register_at_fork(after_in_child=_start)
    _start()
