"""Google's emulators for a test session: the one that runs already, or one started for it."""

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FIRESTORE_JAR = "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
_FIRESTORE_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
_START_S = 60


def sdk_file(path: str) -> Path | None:
    """Return a file of the Google Cloud SDK, wherever it is installed."""
    gcloud = shutil.which("gcloud")
    roots = [Path("/usr/lib/google-cloud-sdk")]
    if gcloud:
        roots.insert(0, Path(gcloud).resolve().parents[1])
    return next((root / path for root in roots if (root / path).is_file()), None)


def firestore_missing() -> str:
    """Return why no Firestore emulator can be had; empty if one can."""
    if os.environ.get("FIRESTORE_EMULATOR_HOST"):
        return ""
    if sdk_file(FIRESTORE_JAR) is None:
        return "Google's Firestore emulator is not installed (gcloud components install cloud-firestore-emulator)"
    return "" if shutil.which("java") else "no Java for Google's Firestore emulator"


@contextmanager
def firestore(log: Path) -> Iterator[str]:
    """Give the address (host:port) of a Firestore emulator; one that is started here ends with the context."""
    running = os.environ.get("FIRESTORE_EMULATOR_HOST")
    if running:
        yield running
        return
    port = _free_port()
    java = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-Duser.language=en"]
    command = [*java, "-cp", str(sdk_file(FIRESTORE_JAR)), _FIRESTORE_MAIN, "--host=127.0.0.1", f"--port={port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _await(f"http://127.0.0.1:{port}/", process)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(url: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the emulator ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"the emulator did not answer within {_START_S} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
