"""`python -m shared.hosts.local.guarding <command>`: runs a program that is not ours, ending with who started it.

It ends the program on SIGTERM and when the process that started it is gone, however that went.
"""

import os
import signal
import subprocess
import sys
from types import FrameType

_LOOK_S = 0.5
_END_S = 5.0


def guard(command: list[str]) -> int:
    """Run a command to its end, or end it; returns its exit code."""
    parent = os.getppid()
    program = subprocess.Popen(command)  # noqa: S603  (the command line of our own hosts)

    def end(number: int, frame: FrameType | None) -> None:
        program.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    while os.getppid() == parent:
        try:
            return program.wait(_LOOK_S)
        except subprocess.TimeoutExpired:
            continue
    program.terminate()
    try:
        return program.wait(_END_S)
    except subprocess.TimeoutExpired:
        program.kill()
        return program.wait()


if __name__ == "__main__":
    raise SystemExit(guard(sys.argv[1:]))
