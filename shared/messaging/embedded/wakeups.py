"""How one process hears at once that another published: a named pipe for each listener, in a folder beside the broker.

A pipe and not a datagram socket: it has no 108-byte limit on its path and holds thousands of wake-ups where Linux
queues ten datagrams. Wake-ups are hints all the same; listeners sweep once a second.
"""

import errno
import os
import select
from collections.abc import Iterable
from contextlib import suppress
from math import ceil
from pathlib import Path
from threading import Lock

_SUFFIX = ".wake"
_ATOMIC = select.PIPE_BUF
"""Writes up to this size arrive whole."""


def wake_folder(broker: Path) -> Path:
    """Return the folder of the pipes beside a broker's file."""
    return broker.with_name(f"{broker.name}.wake")


class Wakeups:
    """One listener. Its instance id is unique in the folder; a second listener of one process needs another."""

    def __init__(self, folder: Path, instance_id: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{instance_id}{_SUFFIX}"
        unready = folder / f"{instance_id}.unready"
        unready.unlink(missing_ok=True)
        os.mkfifo(unready, 0o600)
        self._pipe = os.open(unready, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self._own = os.open(unready, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # so the pipe never reads as ended
        unready.rename(self._path)  # only now may senders see it: one without a reader is taken for dead and removed
        self._open, self._closed = Lock(), False
        self._poll = select.poll()
        self._poll.register(self._pipe, select.POLLIN)

    def wait(self, timeout: float) -> set[str]:
        """Wait up to `timeout` seconds for a publish; return the event types published since the last call."""
        self._poll.poll(ceil(max(timeout, 0) * 1000))
        received = b""
        with suppress(BlockingIOError):
            while part := os.read(self._pipe, 65536):
                received += part
        return set(received.decode().split())

    def nudge(self) -> None:
        """Wake whoever waits here, from another thread."""
        with self._open, suppress(BlockingIOError):
            if not self._closed:
                os.write(self._own, b"\n")

    def close(self) -> None:
        """Stop listening; nudges after that do nothing."""
        with self._open:
            if not self._closed:
                self._closed = True
                self._path.unlink(missing_ok=True)
                os.close(self._pipe)
                os.close(self._own)


def send(folder: Path, event_types: Iterable[str]) -> None:
    """Tell every listener which event types were published; pipes that nobody reads any more are removed."""
    lines = [f"{event_type}\n".encode() for event_type in sorted(event_types)] or [b"\n"]
    whole = b"".join(lines)
    for pipe in folder.iterdir():
        if pipe.suffix == _SUFFIX:
            _tell(pipe, [whole] if len(whole) <= _ATOMIC else lines)


def _tell(pipe: Path, parts: list[bytes]) -> None:
    try:
        descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ENXIO:  # nobody reads; whatever else it is (no free descriptor, say), somebody may
            pipe.unlink(missing_ok=True)
        return
    try:
        for part in parts:
            os.write(descriptor, part)
    except (BlockingIOError, BrokenPipeError):
        return  # full: the listener has thousands of wake-ups to read already; or it just left
    finally:
        os.close(descriptor)
