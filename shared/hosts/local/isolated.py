"""`--isolated`.

Every service in a process of its own under plain functions-framework, fraud under the azure.functions adapter.
"""

import socket
import sys
from functools import lru_cache
from pathlib import Path

from shared.manifest import manifest

ROOT = Path(__file__).parents[3]
_FOLLOWING = [sys.executable, "-m", "shared.hosts.local.following"]


@lru_cache(maxsize=1)
def _ports() -> dict[str, int]:
    probes = {name: socket.socket() for name in manifest().services}
    try:
        for probe in probes.values():
            probe.bind(("127.0.0.1", 0))
        return {name: probe.getsockname()[1] for name, probe in probes.items()}
    finally:
        for probe in probes.values():
            probe.close()


def addresses() -> dict[str, str]:
    """Return where each service will be: one free port each."""
    return {f"BOUTIQUE_ADDRESS_{name.upper()}": f"http://127.0.0.1:{port}" for name, port in _ports().items()}


def commands(url: str, platform: str = "embedded") -> list[tuple[list[str], dict[str, str]]]:
    """Return how each service's process is started, with its own variables.

    Its identity comes from the estate's metadata route.
    """
    found = []
    for name, port in _ports().items():
        runs_on = manifest().services[name].runs_on
        command = _azure(name, port) if runs_on == "azure_functions" else _cloud_run(name, port)
        own = {"BOUTIQUE_ACCOUNT": name, "BOUTIQUE_KEYS": f"{url}/-/jwks.json"}
        if platform == "embedded":  # Pub/Sub's emulator has a door of its own
            own["BOUTIQUE_BROKER"] = url
        found.append((command, own))
    return found


def _cloud_run(name: str, port: int) -> list[str]:
    source = str(ROOT / "functions" / name / "main.py")
    framework = [*_FOLLOWING, "functions_framework"]
    return [*framework, "--source", source, "--target", name, "--host", "127.0.0.1", "--port", str(port)]


def _azure(name: str, port: int) -> list[str]:
    target = f"shared.hosts.local.azure:azure_service('{name}')"
    gunicorn = [*_FOLLOWING, "gunicorn", "--threads", "8", "--worker-class", "gthread", "--log-level", "error"]
    return [*gunicorn, "--bind", f"127.0.0.1:{port}", target]
