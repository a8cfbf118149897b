"""How long the disk takes to make a page safe: durable commits hang on it, so it stands beside the results."""

import os
import statistics
import tempfile
import time
from pathlib import Path

_PAGE = 4096
_TIMES = 200


def sync_ms() -> float:
    """Return the median of fdatasync after writing one page, in the folder where estates are benchmarked."""
    with tempfile.TemporaryDirectory(prefix="boutique-bench-") as folder:
        file = os.open(Path(folder) / "probe", os.O_CREAT | os.O_RDWR)
        try:
            return statistics.median(_one(file, number) for number in range(_TIMES))
        finally:
            os.close(file)


def _one(file: int, number: int) -> float:
    os.pwrite(file, os.urandom(_PAGE), number * _PAGE)
    began = time.perf_counter()
    os.fdatasync(file)
    return (time.perf_counter() - began) * 1000
