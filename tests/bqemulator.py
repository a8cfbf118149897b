"""The BigQuery emulator `bqemulator`: an environment of its own in `.venv-bqemulator/`, made once, and a server.

python -m tests.bqemulator      makes the environment
"""

import fcntl
import hashlib
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".venv-bqemulator"
PINS = Path(__file__).with_suffix(".txt")
EXTENSION = "from duckdb_extensions import import_extension; import_extension('spatial')"


class NotMade(Exception):
    """Why there is no environment."""


def environment() -> Path:
    """Find or make the environment; half a minute the first time. NotMade without a package index in reach."""
    ready = FOLDER / f"ready-{hashlib.sha256(PINS.read_bytes()).hexdigest()[:16]}"
    if not ready.exists():
        FOLDER.mkdir(exist_ok=True)
        with (FOLDER / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists():
                _make()
                ready.touch()
    return FOLDER


def _make() -> None:
    venv.create(FOLDER, clear=False, with_pip=False, symlinks=True)
    (FOLDER / "home").mkdir(exist_ok=True)
    python = str(FOLDER / "bin" / "python")
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile", "--retries", "2"]
    for command, env in (
        ([sys.executable, "-m", "pip", "--python", python, "install", *options, "-r", str(PINS)], None),
        ([python, "-c", EXTENSION], _variables()),
    ):
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotMade(f"bqemulator could not be installed: {(done.stderr or done.stdout).strip()[-300:]}")


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
