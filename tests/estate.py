"""A whole estate of real processes on a free port, as journeys use it: over HTTP, and killed without mercy."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import requests

from shared.manifest import manifest
from tests import wire
from tests.processes import children, kill

ROOT = Path(__file__).parents[1]
READY_WITHIN_S = 60.0
PATIENCE_S = 75.0
"""Longer than the front door waits for a service, so that it can say which one was silent."""
_LOOK_S = 0.02


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningEstate:
    """`python -m shared.hosts.local` with its processes; stopped and started on the same data as often as wanted.

    Paths are below the estate's address; `caller` says whose identity token is sent, None sends none.
    """

    def __init__(
        self,
        folder: Path,
        *options: str,
        port: int | None = None,
        log_level: str = "WARNING",
        environment: dict[str, str] | None = None,
    ) -> None:
        self._environment = environment or {}
        self.data, self.log = folder / "data", folder / "estate.log"
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._options, self._log_level = options, log_level
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._tokens: dict[str, str] = {}
        self._sessions: list[requests.Session] = []
        self._thread = threading.local()

    # Processes

    def start(self) -> Self:
        """Start the processes and wait for the line that says all is ready."""
        seen = len(self.output)
        self.launch()
        until = time.monotonic() + READY_WITHIN_S
        while f"ready {self.url}" not in self.output[seen:]:
            assert self._supervisor is not None
            if self._supervisor.poll() is not None or time.monotonic() > until:
                self.kill()
                raise AssertionError(f"the estate did not get ready\n{self.output[seen:][-4000:]}")
            time.sleep(_LOOK_S)
        return self

    def launch(self) -> "subprocess.Popen[bytes]":
        """Start the processes without waiting for them."""
        command = [sys.executable, "-m", "shared.hosts.local", "--port", str(self.port), "--data", str(self.data)]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._supervisor = subprocess.Popen(
                [*command, *self._options],
                cwd=ROOT,
                env={**os.environ, **self._environment, "BOUTIQUE_LOG_LEVEL": self._log_level},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self._supervisor

    def stop(self, within_s: float = 30, *, keep_connections: bool = False) -> int:
        """End it by SIGTERM and return its exit code."""
        if self._supervisor is None:
            return 0
        if not keep_connections:
            self._close_sessions()
        self._supervisor.terminate()
        return self.wait(within_s)

    def wait(self, within_s: float = 30) -> int:
        """Wait until it has ended and return its exit code; nothing of it is left then."""
        assert self._supervisor is not None
        try:
            return self._supervisor.wait(within_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still there after {within_s} s\n{self.output[-4000:]}") from None
        finally:
            self.kill()

    @property
    def pid(self) -> int:
        """The supervisor's process id, which is its process group's too."""
        assert self._supervisor is not None
        return self._supervisor.pid

    def kill(self) -> None:
        """`kill -9` of every process of the estate, at once."""
        if self._supervisor is None:
            return
        self._close_sessions()
        kill(-self._supervisor.pid)
        self._supervisor.wait()
        self._supervisor = None

    def kill_and_start(self) -> Self:
        """`kill -9` of everything, and a start on the same data."""
        self.kill()
        return self.start()

    def kill_one(self, name: str, which: float = 0.0) -> None:
        """`kill -9` of one process: "supervisor", "background", "worker" for a web worker, "service" if isolated.

        `which` of several, from 0 to 1.
        """
        while not (found := self.processes()[name]):  # it died a moment ago and is being started again
            time.sleep(_LOOK_S)
        kill(found[int(which * len(found))])
        if name == "supervisor" and self._supervisor is not None:
            self._supervisor.wait()

    def processes(self) -> dict[str, list[int]]:
        """Return the process ids: of the "supervisor", below it "background", "worker" and, if isolated, "service"."""
        assert self._supervisor is not None
        found: dict[str, list[int]] = {"supervisor": [self._supervisor.pid], "background": [], "worker": []}
        found["service"] = []
        for pid, command in children(self._supervisor.pid):
            if "shared.hosts.local.background" in command:
                found["background"].append(pid)
            elif "shared.hosts.local.following" in command:
                found["service"].append(pid)
            else:
                found["worker"].append(pid)
        return found

    @property
    def output(self) -> str:
        """Everything that its processes ever wrote to standard output and error."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    # HTTP

    def token(self, caller: str) -> str:
        """Return an identity token of a caller from the estate's metadata route."""
        if caller not in self._tokens:
            path = f"{self.url}/computeMetadata/v1/instance/service-accounts/{caller}/identity"
            answer = self._session.get(
                path, params={"audience": self.url}, headers={"Metadata-Flavor": "Google"}, timeout=30
            )
            assert answer.status_code == 200, answer.text
            self._tokens[caller] = answer.text
        return self._tokens[caller]

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        caller: str | None = "operator",
        key: str | None = None,
        headers: dict[str, str] | None = None,
        timeout_s: float = PATIENCE_S,
    ) -> requests.Response:
        """Send a request and return whatever is answered; requests.ConnectionError while nobody listens."""
        known = {"Authorization": f"Bearer {self.token(caller)}"} if caller else {}
        known |= {"Idempotency-Key": key} if key else {}
        try:
            answer = self._session.request(
                method, f"{self.url}{path}", json=body, headers=known | (headers or {}), timeout=timeout_s
            )
        except requests.Timeout as error:
            error.add_note(f"{method} {path} had no answer within {timeout_s} s\n{self.output[-4000:]}")
            raise
        _check(path, answer)
        return answer

    def get(self, path: str) -> Any:
        """Return what a route answers the operator; fails unless it is 200."""
        answer = self.ask("GET", path)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text[:1000]}"
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        """Post as the operator and return the answer; fails unless it is 2xx."""
        answer = self.ask("POST", path, {} if body is None else body)
        assert answer.ok, f"POST {path}: {answer.status_code} {answer.text[:1000]}"
        return answer.json()

    def items(self, path: str) -> list[Any]:
        """Return all items of a list, page by page."""
        found: list[Any] = []
        cursor, joint = None, "&" if "?" in path else "?"
        while True:
            page = self.get(f"{path}{joint}cursor={cursor}" if cursor else path)
            found += page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return found

    def settle(self, within_s: float = 30) -> None:
        """Wait until nothing is outstanding; fails with what still is."""
        until = time.monotonic() + within_s
        while True:
            answer = self.ask("GET", "/-/idle", caller=None)
            if answer.status_code == 200:
                return
            if time.monotonic() > until:
                raise AssertionError(
                    f"not idle after {within_s} s: {answer.json().get('outstanding', answer.text)}\n"
                    f"dead letters: {self.get('/-/dead-letters')['items'][:3]}\n{self.output[-4000:]}"
                )
            time.sleep(_LOOK_S)

    @property
    def _session(self) -> requests.Session:
        """A session per thread, so that connections are kept; from the environment it takes nothing."""
        if getattr(self._thread, "session", None) is None:
            session = self._thread.session = requests.Session()
            session.trust_env = False
            self._sessions.append(session)
        found: requests.Session = self._thread.session
        return found

    def _close_sessions(self) -> None:
        for session in list(self._sessions):
            session.close()  # it may be used again and then connects anew


@contextmanager
def running_estate(folder: Path, *options: str, log_level: str = "WARNING") -> Iterator[RunningEstate]:
    """An estate for as long as the block; nothing of it is left behind."""
    estate = RunningEstate(folder, *options, log_level=log_level)
    try:
        yield estate.start()
    finally:
        estate.kill()


def _check(path: str, answer: requests.Response) -> None:
    """Hold what a service was asked and answered against its document."""
    service, _, below = path[1:].partition("/")
    if service in manifest().services:
        sent = answer.request.body or b""
        wire.exchanged(
            service,
            str(answer.request.method),
            "/" + below.partition("?")[0],
            sent if isinstance(sent, bytes) else sent.encode(),
            answer.status_code,
            answer.headers,
            answer.content,
        )
