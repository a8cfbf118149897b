"""Google's own emulators of Firestore and Pub/Sub: the ones that run already, or started here by Java directly.

Found where `FIRESTORE_EMULATOR_HOST` and `PUBSUB_EMULATOR_HOST` say, as Google's clients do. What is started here
keeps everything in memory and ends with whoever started it.
"""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from shared.settings import environment

_START_S = 60.0
_LOOK_S = 0.05
_END_S = 10.0
_GUARDED = [sys.executable, "-m", "shared.hosts.local.guarding"]


@dataclass(frozen=True)
class Emulator:
    """How one of them is found and started."""

    title: str
    variable: str
    component: str
    jar: str
    java: tuple[str, ...]
    main: str = ""
    """The class to run; empty: the jar names it."""

    @property
    def running(self) -> str:
        """The address (host:port) of one that runs already; empty if none is named."""
        return environment().get(self.variable, "")

    def missing(self) -> str:
        """Return why none can be had; empty if one can."""
        if self.running:
            return ""
        if _sdk_file(self.jar) is None:
            return f"{self.title} is not installed (gcloud components install {self.component})"
        return "" if shutil.which("java") else f"no Java for {self.title}"

    def command(self, port: int) -> list[str]:
        """Return how to start it on a port."""
        jar = str(_sdk_file(self.jar))
        what = ["-cp", jar, self.main] if self.main else ["-jar", jar]
        return ["java", "-XX:+UseSerialGC", *self.java, *what, "--host=127.0.0.1", f"--port={port}"]


FIRESTORE = Emulator(
    "Google's Firestore emulator",
    "FIRESTORE_EMULATOR_HOST",
    "cloud-firestore-emulator",
    "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar",
    ("-XX:TieredStopAtLevel=1", "-Xmx512m", "-Duser.language=en"),
    "com.google.cloud.datastore.emulator.firestore.CloudFirestore",
)
PUBSUB = Emulator(
    "Google's Pub/Sub emulator",
    "PUBSUB_EMULATOR_HOST",
    "pubsub-emulator",
    "platform/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar",
    ("-Xmx256m",),
)


class Started:
    """An emulator that was started here, under a guard that ends it when this process is gone."""

    def __init__(self, emulator: Emulator, log: Path) -> None:
        port = _free_port()
        self.address, self._title, self._log = f"127.0.0.1:{port}", emulator.title, log
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603  (our own command)
                [*_GUARDED, *emulator.command(port)], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def wait(self) -> None:
        """Return when it answers; RuntimeError if it ended or takes too long."""
        end = time.monotonic() + _START_S
        while self._process.poll() is None and time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://{self.address}/", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(_LOOK_S)
        raise RuntimeError(f"{self._title} did not start: {self._log.read_text(errors='replace')[-1000:]}")

    def end(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _sdk_file(pattern: str) -> Path | None:
    """Return a file of the Google Cloud SDK, wherever it is installed."""
    gcloud = shutil.which("gcloud")
    roots = [Path("/usr/lib/google-cloud-sdk")]
    if gcloud:
        roots.insert(0, Path(gcloud).resolve().parents[1])
    return next((found for root in roots for found in sorted(root.glob(pattern))), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
