"""Microsoft's published Python runtime for Azure Functions: put into `.azure-runtime/` once, and a worker that runs it.

python -m tests.azure_runtime      puts it there

The host that would start the worker can't be had offline: this plays the host's part, message by message.
"""

import fcntl
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".azure-runtime"
PINS = Path(__file__).with_suffix(".txt")
WORKER = Path(__file__).with_name("azure_worker.py")


class NoRuntime(Exception):
    """Why there is none."""


def runtime() -> Path:
    """Find or install the runtime; seconds the first time. NoRuntime without a package index in reach."""
    place = (
        FOLDER
        / hashlib.sha256(PINS.read_bytes()).hexdigest()[:16]
        / f"python{sys.version_info[0]}{sys.version_info[1]}"
    )
    ready = place / "ready"
    if not ready.exists():
        place.mkdir(parents=True, exist_ok=True)
        with (FOLDER / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists():
                _install(place)
                ready.touch()
    return place


def _install(place: Path) -> None:
    # It says that it needs 3.13; it runs on 3.11 as well.
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--ignore-requires-python", "--retries", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(place), "-r", str(PINS)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoRuntime(f"Azure's runtime could not be installed: {done.stderr.strip()[-300:]}")


@dataclass(frozen=True)
class Answered:
    """What a function answered through the runtime."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    since_start_s: float
    """From the process's start on."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Worker:
    """A process with the runtime and an app; it says what it found, then answers one request after the other."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.found: dict[str, Any] = self._read()
        self.routes = {
            (method, binding["route"]): name
            for name, binding in self.found["functions"].items()
            for method in binding["methods"]
        }

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answered:
        """Invoke the function that the host would choose by its route."""
        name = self.routes[method, path.removeprefix("/api/").partition("?")[0]]
        asked = {"function": name, "method": method, "url": f"https://fraud.example{path}", "body": body.decode()}
        asked["headers"] = {key.replace("_", "-"): value for key, value in headers.items()}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        told = self._read()
        return Answered(told["status"], told["headers"], told["body"].encode(), told["since_start_s"])

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError("the worker ended")
        return json.loads(line)


@contextmanager
def worker(
    app: Path, log: Path, variables: Mapping[str, str], python: str = sys.executable, *, alone: bool = True
) -> Iterator[Worker]:
    """Run an app's folder in the runtime; `alone`: nothing is on the path but the two and the standard library."""
    command = [python, *(["-I", "-S"] if alone else []), "-B", str(WORKER), str(runtime()), str(app)]
    with log.open("w") as errors:
        process = subprocess.Popen(
            command,
            env=dict(variables),
            cwd=app,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        yield Worker(process)
    except AssertionError as failed:
        raise AssertionError(f"{failed}\n{log.read_text()[-2000:]}") from failed
    finally:
        process.terminate()
        process.communicate()


if __name__ == "__main__":
    print(runtime())
