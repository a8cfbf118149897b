"""Starts the estate as `python -m shared.hosts.local --fulfil auto`, unchanged, by default in a throw-away folder."""

import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.processes import Usage, usage

ROOT = Path(__file__).parents[1]
_START_S = 60.0
_POLL_S = 0.1


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Estate:
    """A running estate; a context manager that ends it and throws its data away, unless the folder `data` was given."""

    def __init__(self, environment: dict[str, str] | None = None, data: Path | None = None) -> None:
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        self._folder = None if data else tempfile.TemporaryDirectory(prefix="boutique-bench-")
        self.data = data or Path(self._folder.name if self._folder else "")
        arguments = ["--port", str(self.port), "--data", str(self.data), "--fulfil", "auto"]
        began = time.perf_counter()
        self._log = (self.data / "bench.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shared.hosts.local", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._await_ready(began)
        self.ready_s = time.perf_counter() - began
        self._tokens: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self._log.close()
        if self._folder:
            self._folder.cleanup()

    def token(self, caller: str) -> str:
        """Return a signed identity token for a caller, from the estate's metadata route."""
        if caller not in self._tokens:
            url = f"/computeMetadata/v1/instance/service-accounts/{caller}/identity?audience=http://{self.host}"
            self._tokens[caller] = self._fetch(url, {"Metadata-Flavor": "Google"})[1].decode()
        return self._tokens[caller]

    def get(self, path: str) -> Any:
        """Return the JSON of a GET as `operator`; RuntimeError unless it is 200."""
        status, content = self._fetch(path, {"Authorization": f"Bearer {self.token('operator')}"})
        if status != 200:
            raise RuntimeError(f"GET {path}: {status} {content[:300]!r}")
        return json.loads(content)

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        """Send JSON as `operator` and return the answer's; RuntimeError unless it is a success."""
        headers |= {"Authorization": f"Bearer {self.token('operator')}", "Content-Type": "application/json"}
        status, content = self._fetch(path, headers, method, json.dumps(body).encode())
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path}: {status} {content[:300]!r}")
        return json.loads(content)

    def await_idle(self, within_s: float) -> float:
        """Return the moment (perf_counter) when `/-/idle` first answered 200; TimeoutError with what is outstanding."""
        until = time.perf_counter() + within_s
        while True:
            asked = time.perf_counter()
            status, content = self._fetch("/-/idle", {})
            if status == 200:
                return time.perf_counter()
            if asked > until:
                raise TimeoutError(f"not idle after {within_s:.0f} s: {content.decode()[:500]}")
            time.sleep(_POLL_S)

    def usage(self) -> Usage:
        """Return CPU and memory of all the estate's processes."""
        return usage(self.process.pid)

    def _fetch(
        self, path: str, headers: dict[str, str], method: str = "GET", body: bytes | None = None
    ) -> tuple[int, bytes]:
        request = urllib.request.Request(f"http://{self.host}{path}", body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def _await_ready(self, began: float) -> None:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line.startswith("ready ") or time.perf_counter() - began > _START_S:
            self.process.kill()
            self.process.wait()
            self._log.seek(0)
            raise RuntimeError(f"the estate did not start: {line}{self._log.read()[-2000:]}")
