"""The BigQuery emulator `bqemulator`: an environment of its own in `.venv-bqemulator/`, made once, and a server.

python -m tests.bqemulator      makes the environment
"""

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError

from tests.environments import ROOT, NotMade, run
from tests.environments import environment as made

FOLDER = ROOT / ".venv-bqemulator"
EXTENSION = "from duckdb_extensions import import_extension; import_extension('spatial')"


def environment() -> Path:
    """Find or make the environment, with the extension that DuckDB wants; NotMade without a package index in reach."""

    def extend(folder: Path) -> None:
        (folder / "home").mkdir(exist_ok=True)
        run([str(folder / "bin" / "python"), "-c", EXTENSION], _variables(), "bqemulator's extension")

    return made("bqemulator", extend)


def _variables() -> dict[str, str]:
    """Its DuckDB keeps extensions in its home; it would look for another on the network at every start."""
    from shared.settings import environment as variables

    own = {"HOME": str(FOLDER / "home"), "BQEMU_ENABLE_FORMAT_EXTENSIONS": "false"}
    return {**variables(), **own, "PYTHONPATH": "", "PYTHONWARNINGS": "ignore"}


@contextmanager
def bqemulator(log: Path) -> Iterator[str]:
    """Run the emulator in memory; its address. It ends with the block."""
    folder = environment()
    port, other = _free_port(), _free_port()
    command = [str(folder / "bin" / "bqemulator"), "start", "--rest-port", str(port), "--grpc-port", str(other)]
    with log.open("w") as file:
        process = subprocess.Popen(
            [*command, "--project", "local", "--log-level", "warning"], env=_variables(), stdout=file, stderr=file
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except HTTPError:
            return  # it answers, though not on this path
        except (URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise NotMade(f"bqemulator did not start: {log.read_text()[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    print(environment())
