"""`make demo` as people run it: it comes out right, fits the screen, and leaves nothing behind, even when stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.estate import ROOT

pytestmark = pytest.mark.estate
COMMAND = [sys.executable, "-m", "shared.hosts.local.demo"]


def surroundings(folder: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(folder), "COLUMNS": "80"}


def test_all_five_orders_come_out_right_and_nothing_is_left(tmp_path: Path) -> None:
    ran = subprocess.run(
        COMMAND, check=False, cwd=ROOT, env=surroundings(tmp_path), capture_output=True, text=True, timeout=120
    )

    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    assert ran.stderr == ""
    said = ran.stdout.splitlines()
    assert "Order 4, declined card: declined" in said
    assert [line.split(": ")[0] for line in said if line.startswith("Order ") and ": delivered, " in line] == [
        "Order 1, plain",
        "Order 2, with furniture",
        "Order 3, held for review",
        "Order 5, sent twice",
    ]
    assert any(line.startswith("Everything came out right: ") for line in said)
    assert "WRONG" not in ran.stdout
    assert max(map(len, said)) <= 80
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_can_be_stopped_at_any_moment(tmp_path: Path, how: signal.Signals) -> None:
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=surroundings(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        assert demo.stdout.readline().startswith("Starting all ")
        time.sleep(0.5)
        demo.send_signal(how)
        said, complaints = demo.communicate(timeout=60)

    assert demo.returncode == 130
    assert said.splitlines()[-1] == "Stopped; nothing is left behind."
    assert complaints == ""
    assert list(tmp_path.iterdir()) == []
