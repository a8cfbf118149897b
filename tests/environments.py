"""Environments of their own for tools that need other versions of packages than we do: `.venv-<tool>/`, made once each.

What a tool consists of is pinned in `tests/<tool>.txt`, and installed without looking for more.
"""

import fcntl
import hashlib
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]


class NotMade(Exception):
    """Why there is no environment."""


def environment(tool: str, then: Callable[[Path], None] = lambda folder: None) -> Path:
    """Find or make a tool's environment; half a minute the first time. NotMade without a package index in reach.

    `then` finishes a new one, once.
    """
    folder, pins = ROOT / f".venv-{tool}", ROOT / "tests" / f"{tool}.txt"
    ready = folder / f"ready-{hashlib.sha256(pins.read_bytes()).hexdigest()[:16]}"
    if not ready.exists():
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists():
                venv.create(folder, clear=False, with_pip=False, symlinks=True)
                install(folder, pins)
                then(folder)
                ready.touch()
    return folder


def install(folder: Path, pins: Path) -> None:
    """Install exactly what is pinned."""
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile", "--retries", "2"]
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    run([*pip, "install", *options, "-r", str(pins)], None, folder.name)


def run(command: list[str], variables: dict[str, str] | None, what: str) -> None:
    """Run a step of making an environment; NotMade with what it wrote last."""
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMade(f"{what} could not be made: {(done.stderr or done.stdout).strip()[-300:]}")
