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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.estate import ROOT, free_port
from shared.calls.signer import make_keys, signer_of
from shared.hosts.local.emulators import FIRESTORE, Started
from shared.http.checked_token import MARK as REMOVED
from shared.manifest import manifest
from shared.settings import Settings, read_settings
from shared.values.clock import utc_now

_PATIENCE_S = 30.0
_LOOK_S = 0.002
_ADDRESS = "https://function.example"
READY = "ready, as a startup probe asks"
EMBEDDED, SIGNED, GOOGLE = (
    "a first GET with a token",
    "a signature to be checked, as on a laptop",
    "a first GET by Google's clients",
)
Probe = tuple[str, str, str]
"""A function, what it is asked first, and with which parts."""
EMPTY: Probe = ("empty", "/", EMBEDDED)
PROBES: tuple[Probe, ...] = (
    *((service, "/health", READY) for service, row in manifest().services.items() if row.runs_on == "cloud_run"),
    ("inventory", "/control-totals", EMBEDDED),
    ("checkout", "/control-totals", EMBEDDED),
    ("accounting", "/trial-balance", EMBEDDED),
    ("order_management", "/orders", EMBEDDED),
    ("data_warehouse", "/reports", EMBEDDED),
    ("inventory", "/control-totals", SIGNED),
    ("inventory", "/low-stock", GOOGLE),
    ("order_management", "/orders", GOOGLE),
)
"""The health of every service, and GETs that need a token, load a capability and read the database.

The token is as Cloud Run hands it on, checked and without its signature (docs/decisions/0039), but for `SIGNED`.
`GOOGLE` is the platform `cloud`, its Firestore an emulator; these are left out where there is none.
"""


@dataclass(frozen=True)
class Start:
    """The median of a function's starts in ms, and how many times the empty function's that is."""

    function: str
    route: str
    parts: str
    ms: float
    ratio: float


def measure(runs: int) -> tuple[float, list[Start]]:
    """Return the empty function's median in ms, and each probe's."""
    times: dict[Probe, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="boutique-bench-") as folder, _firestore(Path(folder)) as firestore:
        ways = _ways(Path(folder) / "keys", firestore)
        probes = [each for each in (EMPTY, *PROBES) if each[2] in ways]
        for turn in range(runs + 1):
            for probe in probes:
                variables, token = ways[probe[2]]
                took = _first_200(
                    *probe[:2],
                    {**variables, "BOUTIQUE_DATA": str(Path(folder) / "-".join(probe).replace("/", ""))},
                    token,
                )
                if turn:
                    times[probe].append(took)
    medians = {probe: statistics.median(found) for probe, found in times.items()}
    empty = medians.pop(EMPTY)
    return empty, [Start(*probe, ms, ms / empty) for probe, ms in medians.items()]


@contextmanager
def _firestore(folder: Path) -> Iterator[str]:
    """Where Firestore's emulator listens: one that runs, or one for as long as the block; empty if there is none."""
    if FIRESTORE.running or FIRESTORE.missing():
        yield FIRESTORE.running
        return
    started = Started(FIRESTORE, folder / "firestore.log")
    try:
        started.wait()
        yield started.address
    finally:
        started.end()


def _ways(keys: Path, firestore: str) -> dict[str, tuple[dict[str, str], str]]:
    """Make signing keys; returns for all parts there are the variables of a process, and an operator's token for it.

    Bytecode is written whatever this shell says of it: an image has it, and compiling would be timed.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    laptop = {"BOUTIQUE_DATA": str(keys), "BOUTIQUE_ESTATE": _ADDRESS}
    settings = read_settings(laptop)
    make_keys(settings)
    own = {**inherited, **laptop, "BOUTIQUE_KEYS": str(keys / "identity" / "jwks.json")}
    checked = {**own, "BOUTIQUE_IAM_CHECKS_TOKENS": "true"}
    ways = {SIGNED: (own, _token(settings))} | dict.fromkeys((READY, EMBEDDED), (checked, _handed_on(_token(settings))))
    if firestore:
        addresses = {f"BOUTIQUE_ADDRESS_{name.upper()}": _ADDRESS for name, _, parts in PROBES if parts == GOOGLE}
        cloud = {**checked, **addresses, "BOUTIQUE_PLATFORM": "cloud", "BOUTIQUE_FIRESTORE": firestore}
        ways[GOOGLE] = cloud, _handed_on(_token(replace(settings, issuer=Settings.issuer)))
    return ways


def _token(settings: Settings) -> str:
    signer = signer_of(settings)
    assert signer
    return signer.token("operator", _ADDRESS, utc_now())


def _handed_on(token: str) -> str:
    return f"{token.rpartition('.')[0]}.{REMOVED}"


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
