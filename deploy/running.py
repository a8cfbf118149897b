"""Runs commands: each is told before it runs, and a failed one ends the step."""

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Command = list[str]
Run = Callable[[Command], str]
"""Runs a command and returns what it wrote; CalledProcessError if it fails."""

BUILT = Path("build/image")
"""Where `make push` leaves the image by digest, for the steps after it."""


def run(command: Command) -> str:
    """Run a command here."""
    sys.stdout.write(f"$ {shlex.join(command)}\n")
    sys.stdout.flush()
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603  (our own)


def built_image(path: Path = BUILT) -> str:
    """Return the image by digest; ValueError if it is named by anything else."""
    image = path.read_text(encoding="utf-8").strip()
    if "@sha256:" not in image or len(image.rpartition(":")[2]) != 64:
        raise ValueError(f"{path} names no image by digest: {image!r}")
    return image
