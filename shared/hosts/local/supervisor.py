"""Starts the estate's processes, starts again what dies, says when all is ready, and ends all of them cleanly."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shared.calls.signer import make_keys
from shared.hosts.local.isolated import addresses, commands
from shared.settings import environment as inherited
from shared.settings import inherit, read_settings

if TYPE_CHECKING:
    from shared.hosts.local.emulated import Emulators

_READY_WITHIN_S = 60.0
_LOOK_S = 0.05
_PREDECESSOR_ENDS_WITHIN_S = 2.0
"""Processes whose supervisor was killed see so and end."""


@dataclass(frozen=True)
class Plan:
    """What the command line asked for."""

    port: int
    data: Path
    workers: int
    fulfil: str
    isolated: bool
    platform: str = "embedded"

    @property
    def url(self) -> str:
        """The estate's address."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """Return the variables by which the estate's processes find each other."""
        found = {
            "BOUTIQUE_PLATFORM": self.platform,
            "BOUTIQUE_DATA": str(self.data),
            "BOUTIQUE_ESTATE": self.url,
            "BOUTIQUE_KEYS": str(self.data / "identity" / "jwks.json"),
            "BOUTIQUE_SPANS": str(self.data / "spans"),
            "BOUTIQUE_FULFIL": self.fulfil,
            "BOUTIQUE_SUPERVISOR": str(os.getpid()),
        }
        return found | (addresses() if self.isolated else {})


class Children:
    """Processes that are kept running until the end."""

    def __init__(self) -> None:
        self._commands: list[tuple[list[str], dict[str, str]]] = []
        self._running: list[subprocess.Popen[bytes]] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="children", daemon=True)

    def start(self, command: list[str], environment: dict[str, str]) -> None:
        """Start a process and keep it running."""
        self._commands.append((command, environment))
        self._running.append(_spawn(command, environment))

    def keep(self) -> None:
        """Start again, from now on, whatever ends."""
        self._thread.start()

    def end(self) -> None:
        """End all, waiting for what they have in hand."""
        self._ending.set()
        if self._thread.is_alive():  # or it starts a process again that nobody ends
            self._thread.join()
        for child in self._running:
            child.terminate()
        for child in self._running:
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _keep(self) -> None:
        while not self._ending.wait(0.2):
            for index, child in enumerate(self._running):
                if child.poll() is not None and not self._ending.is_set():
                    self._running[index] = _spawn(*self._commands[index])


def _spawn(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env={**inherited(), **environment})  # noqa: S603  (our own commands)


def run(plan: Plan) -> int:
    """Run the estate until SIGTERM or Ctrl-C; 0 when it ended cleanly, 1 when it could not start."""
    from shared.hosts.local.workers import ignore_the_keyboard  # noqa: PLC0415  (after the command line is read)

    ignore_the_keyboard()
    try:
        plan.data.mkdir(parents=True, exist_ok=True)
        lock = os.open(plan.data / "estate.lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        print(f"{plan.data} cannot hold the data: {error.strerror}; choose --data", file=sys.stderr)  # noqa: T201
        return 1
    until = time.monotonic() + _PREDECESSOR_ENDS_WITHIN_S
    while taken := _taken(plan, lock):
        if time.monotonic() > until:
            print(taken, file=sys.stderr)  # noqa: T201
            return 1
        time.sleep(_LOOK_S)
    emulators = None
    if plan.platform == "emulators":
        from shared.hosts.local.emulated import Emulators  # noqa: PLC0415  (few want them)

        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # until the server has its own
        try:
            emulators = Emulators(plan.data)
        except RuntimeError as error:
            print(error, file=sys.stderr)  # noqa: T201
            return 1
    try:
        return _serve(plan, emulators)
    finally:
        if emulators:
            emulators.end()


def _serve(plan: Plan, emulators: "Emulators | None") -> int:
    """Start every process and serve until the end."""
    from shared.hosts.local.workers import serve  # noqa: PLC0415

    variables = plan.environment() | (emulators.variables if emulators else {})
    make_keys(read_settings(variables))
    if emulators:
        emulators.declare(plan.url)
    children = Children()
    children.start([sys.executable, "-m", "shared.hosts.local.background"], variables)
    if plan.isolated:
        for command, own in commands(plan.url, plan.platform):
            children.start(command, {**variables, **own})
    children.keep()
    threading.Thread(target=_announce, args=(plan.url,), daemon=True).start()
    inherit(variables)
    serve(plan.port, plan.workers)
    children.end()
    return 0


def _taken(plan: Plan, lock: int) -> str:
    """Return what stands in the way of starting, or nothing; then this process holds the folder's lock."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return f"another estate runs on {plan.data}; choose --data"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", plan.port))
        except OSError:
            return f"port {plan.port} is taken; choose --port"
    return ""


def _announce(url: str) -> None:
    """Print one line when every service answers."""
    until = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/-/health", timeout=5):  # noqa: S310
                print(f"ready {url}", flush=True)  # noqa: T201
                return
        except OSError:
            time.sleep(_LOOK_S)
    print(f"not ready after {_READY_WITHIN_S:.0f} s; see the log above", file=sys.stderr)  # noqa: T201
    os.kill(os.getpid(), signal.SIGTERM)
