"""From starting a process to its first 200 under plain functions-framework, beside an empty function served so too.

Each start is a new process; the empty function and the others take turns, after one round that counts for nothing: it
writes the bytecode and makes the function's database. The first request is the one that is timed.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from bench.estate import ROOT, free_port
from shared.calls.signer import make_keys, signer_of
from shared.http.checked_token import MARK as REMOVED
from shared.settings import read_settings
from shared.values.clock import utc_now

_PATIENCE_S = 30.0
_LOOK_S = 0.002
EMPTY = ("empty", "/")
PROBES = (
    ("inventory", "/health"),
    ("inventory", "/control-totals"),
    ("checkout", "/control-totals"),
    ("accounting", "/trial-balance"),
    ("order_management", "/orders"),
    ("data_warehouse", "/reports"),
)
"""Functions and what is asked of them first: health, and GETs that need a token and read the database.

The token is as Cloud Run hands it on, checked and without its signature (docs/decisions/0039).
"""
SIGNED = ("inventory", "/control-totals", "its token's signature to be checked, as on a laptop")
"""Asked once more where nobody has checked the token before."""


@dataclass(frozen=True)
class Start:
    """The median of a function's starts in ms, and how many times the empty function's that is."""

    function: str
    route: str
    ms: float
    ratio: float

    @property
    def as_in_the_cloud(self) -> bool:
        """Whether it is held to the goal."""
        return (self.function, self.route) in PROBES


def measure(runs: int) -> tuple[float, list[Start]]:
    """Return the empty function's median in ms, and each probe's."""
    times: dict[tuple[str, ...], list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="boutique-bench-") as folder:
        environment, token = _identity(Path(folder) / "keys")
        checked = {**environment, "BOUTIQUE_IAM_CHECKS_TOKENS": "true"}, f"{token.rpartition('.')[0]}.{REMOVED}"
        for turn in range(runs + 1):
            for probe in (EMPTY, *PROBES, SIGNED):
                variables, sent = (environment, token) if probe == SIGNED else checked
                took = _first_200(
                    probe[0], probe[1], {**variables, "BOUTIQUE_DATA": str(Path(folder) / probe[0])}, sent
                )
                if turn:
                    times[probe].append(took)
    empty = statistics.median(times[EMPTY])
    medians = {probe: statistics.median(times[probe]) for probe in (*PROBES, SIGNED)}
    return empty, [Start(name, ", ".join(asked), ms, ms / empty) for (name, *asked), ms in medians.items()]


def _identity(keys: Path) -> tuple[dict[str, str], str]:
    """Make signing keys; returns the variables that make a function trust them, and an operator's token.

    Bytecode is written whatever this shell says of it: an image has it, and compiling would be timed.
    """
    variables = {"BOUTIQUE_DATA": str(keys), "BOUTIQUE_ESTATE": "http://127.0.0.1:9"}
    settings = read_settings(variables)
    make_keys(settings)
    signer = signer_of(settings)
    assert signer
    token = signer.token("operator", settings.estate, utc_now())
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **variables, "BOUTIQUE_KEYS": str(keys / "identity" / "jwks.json")}, token


def _first_200(name: str, route: str, environment: dict[str, str], token: str) -> float:
    folder = ROOT / "bench" / name if name == "empty" else ROOT / "functions" / name
    port = free_port()
    framework = str(Path(sys.executable).with_name("functions-framework"))
    arguments = ["--source", str(folder / "main.py"), "--target", name, "--host", "127.0.0.1", "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen(
        [framework, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port, route, token, began + _PATIENCE_S)
        return (time.perf_counter() - began) * 1000
    finally:
        process.terminate()
        process.wait(15)


def _await(port: int, route: str, token: str, until: float) -> None:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    while True:
        try:
            link.connect()
            break
        except ConnectionRefusedError:
            link.close()
            if time.perf_counter() > until:
                raise
            time.sleep(_LOOK_S)
    try:
        link.request("GET", route, headers={"Authorization": f"Bearer {token}"})
        answer = link.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"GET {route}: {answer.status} {content[:300]!r}")
    finally:
        link.close()
