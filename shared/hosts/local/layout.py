"""Where the estate keeps its marks in the data folder, and how its processes find out about each other."""

import fcntl
import os
from pathlib import Path

from shared.settings import Settings


def seeded_file(settings: Settings) -> Path:
    """Return the mark that every service has its opening data."""
    return settings.data / "seeded"


def seeded(settings: Settings) -> bool:
    """Whether every service has its opening data."""
    return seeded_file(settings).exists()


def background_lock(settings: Settings) -> Path:
    """Return the file that the background process locks once it is ready, and as long as it lives."""
    return settings.data / "background.lock"


def background_ready(settings: Settings) -> bool:
    """Whether the background process lives and is ready."""
    try:
        descriptor = os.open(background_lock(settings), os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def is_isolated(settings: Settings) -> bool:
    """Whether every service runs in a process of its own: then each has an address of its own."""
    return bool(settings.addresses)
