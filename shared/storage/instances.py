"""Which process owns what it began (leases, outbox rows), and how others learn that it is gone."""

import fcntl
import os
import secrets
import weakref
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

LEASE = timedelta(seconds=10)


class Instance(Protocol):
    """One running process, as others know it."""

    @property
    def id(self) -> str:
        """The name under which this process leases and owns; never given twice."""

    def is_gone(self, other_id: str, leased_at: datetime, now: datetime) -> bool:
        """Say whether what `other_id` leased at `leased_at` may be taken over; never true of this process itself."""


class LeasedInstance:
    """In the cloud nobody sees another process die: a lease is worth 10 seconds."""

    def __init__(self, instance_id: str) -> None:
        self.id = instance_id

    def is_gone(self, other_id: str, leased_at: datetime, now: datetime) -> bool:
        """Another's lease has run out; `leased_at` and `now` are moments with a zone."""
        return other_id != self.id and now - leased_at > LEASE

    def close(self) -> None:
        """Do nothing: what this instance leased runs out by itself."""


class LocalInstance:
    """On one machine: `<folder>/<id>.lock` is flocked for the process's life, so that even kill -9 tells at once.

    A forked child gets an id and a lock of its own and lets go of its parent's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fd = -1
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob("*.lock"):
            self._is_free(stale)
        self._take()
        reference = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _renew(reference()))

    def is_gone(self, other_id: str, leased_at: datetime, now: datetime) -> bool:
        """Nobody holds the other's lock; the times don't matter."""
        return other_id != self.id and self._is_free(self._folder / f"{other_id}.lock")

    def close(self) -> None:
        """End this instance: others may take over what it left."""
        if self._fd >= 0:
            (self._folder / f"{self.id}.lock").unlink(missing_ok=True)
            os.close(self._fd)
            self._fd = -1

    def renew(self) -> None:
        """Become another instance, in a forked child: the parent keeps its name and, once we let go, its lock alone."""
        if self._fd >= 0:
            os.close(self._fd)
            self._take()

    def _take(self) -> None:
        """Lock under another name first, so that nobody ever meets our file unlocked."""
        self.id = f"proc-{secrets.token_hex(8)}"
        unnamed = self._folder / f"{self.id}.new"
        self._fd = os.open(unnamed, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        unnamed.rename(self._folder / f"{self.id}.lock")

    @staticmethod
    def _is_free(lock: Path) -> bool:
        """Try the lock, shared, so that two who ask don't take each other for the owner; remove the file if free."""
        try:
            fd = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            lock.unlink(missing_ok=True)
            return True
        finally:
            os.close(fd)


def _renew(instance: LocalInstance | None) -> None:
    if instance is not None:
        instance.renew()
