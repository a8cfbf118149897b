"""A program that is not ours ends with who started it, however that went."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.processes import alive

_STARTER = """
import subprocess, sys, time
guard = subprocess.Popen([sys.executable, "-m", "shared.hosts.local.guarding", "sleep", "60"])
print(guard.pid, flush=True)
guard.wait()
"""


def test_it_passes_on_the_exit_code() -> None:
    command = [sys.executable, "-m", "shared.hosts.local.guarding", "sh", "-c", "exit 7"]
    assert subprocess.run(command, check=False).returncode == 7


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_program_ends_when_its_starter_is_gone(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", _STARTER], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        guard = int(starter.stdout.readline())
        until = time.monotonic() + 20
        while not (started := _children_of(guard)):
            assert time.monotonic() < until
            time.sleep(0.02)
        if how is signal.SIGTERM:
            os.kill(guard, how)
        else:
            starter.kill()
        while alive(guard) or alive(started[0]):
            assert time.monotonic() < until
            time.sleep(0.02)


def _children_of(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], check=True, capture_output=True, text=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(child) for child, parent, state in rows if int(parent) == pid and state[0] != "Z"]
