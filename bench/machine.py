"""What the benchmark ran on."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """The parts that decide about speed. `load` is the run queue of the last minute before the benchmark began."""

    cores: int
    cpu: str
    memory_gib: float
    system: str
    python: str
    load: float

    def __str__(self) -> str:
        """Return one line for people."""
        return (
            f"{self.cores} cores ({self.cpu}), {self.memory_gib:.0f} GiB, {self.system}, Python {self.python}; "
            f"load before the start {self.load:.1f}"
        )


def machine() -> Machine:
    """Read this machine."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        len(os.sched_getaffinity(0)),
        _cpu(),
        pages / 1024**3,
        f"{platform.system()} {platform.release().split('-')[0]}",
        platform.python_version(),
        os.getloadavg()[0],
    )


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
