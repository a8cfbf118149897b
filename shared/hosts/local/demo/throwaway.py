"""The whole estate as one process tree in a folder that is gone afterwards."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from shared.hosts.local.demo.shop import Unexpected

_LOOK_S = 0.02
_END_WITHIN_S = 20.0


@contextmanager
def throwaway_estate(platform: str = "embedded") -> Iterator[str]:
    """Start `python -m shared.hosts.local` on a free port, yield its address, end it and remove its folder."""
    with tempfile.TemporaryDirectory(prefix="online-boutique-demo-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "estate.log"
        command = [sys.executable, "-m", "shared.hosts.local", "--port", str(_free_port()), "--data", f"{folder}/data"]
        command += ["--platform", platform]
        with log.open("wb") as sink:
            # A session of its own: Ctrl-C reaches the demo, which ends the estate in order.
            estate = subprocess.Popen(command, stdout=sink, stderr=sink, start_new_session=True)  # noqa: S603  (ours)
        try:
            yield _ready(estate, log)
        except (Unexpected, requests.RequestException) as error:
            raise Unexpected(f"{error}\n{_tail(log)}") from error
        finally:
            _end(estate)


def _ready(estate: subprocess.Popen[bytes], log: Path) -> str:
    """Wait for the line `ready http://…`; the estate gives up by itself if it can't."""
    while True:
        ended = estate.poll() is not None
        said = log.read_text("utf-8", errors="replace")
        for line in said.splitlines():
            if line.startswith("ready "):
                return line.removeprefix("ready ")
        if ended:
            raise Unexpected("the estate did not start")
        time.sleep(_LOOK_S)


def _tail(log: Path) -> str:
    """Return the end of what the estate said: its folder is gone afterwards."""
    return log.read_text("utf-8", errors="replace")[-2000:]


def _end(estate: subprocess.Popen[bytes]) -> None:
    estate.terminate()
    try:
        estate.wait(_END_WITHIN_S)
    except subprocess.TimeoutExpired:
        estate.kill()
        estate.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
