"""The processes of this machine: who is whose child, who is there, and the end of them by `kill -9`."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path


def kill(pid: int) -> None:
    """Kill a process, or the group of its negative, that may have ended already."""
    try:
        if pid < 0:
            os.killpg(-pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def children(parent: int) -> list[tuple[int, str]]:
    """Return the living children of a process and their command lines."""
    return [
        (pid, command) for pid, its_parent, state, command in _everything() if its_parent == parent and state != "Z"
    ]


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    return any(each == pid and state != "Z" for each, _, state, _ in _everything())


def _everything() -> Iterator[tuple[int, int, str, str]]:
    """Yield id, parent, state and command line of every process."""
    if not Path("/proc/self/stat").exists():
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,stat=,args="], check=True, capture_output=True, text=True
        )
        for line in listed.stdout.splitlines():
            pid, parent, state, command = line.split(None, 3)
            yield int(pid), int(parent), state[0], command
        return
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has ended meanwhile
            continue
        yield int(entry.name), int(parent), state, command
