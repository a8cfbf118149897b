"""The web workers: processes of Granian that serve the front door, started again however often they die."""

import os
import signal
import time
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

_THREADS = 512
"""Requests that one web worker reads at a time, as many as it takes connections.

Granian has no time-out for bodies (https://github.com/emmett-framework/granian/issues/728), so that a client that holds
back half of one keeps a thread. How many are answered at a time is `precedence.AT_A_TIME`.
"""
_AGAIN_AFTER_S = 0.1
_ASK_AGAIN_AFTER_S = 0.5
_END_WITHIN_S = 15.0
"""Requests in hand are answered within this time, or not at all."""


class Workers(MPServer):
    """Granian's server, but for how it takes the death of workers.

    Granian ends everything when one dies twice within seconds, may overlook one of two that die at once, and tells each
    only once to end.
    """

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait()
            self.main_loop_interrupt.clear()
            if self.interrupt_children:
                time.sleep(_AGAIN_AFTER_S)
            while self.interrupt_children and not self.interrupt_signal:
                self._respawn_workers([self.interrupt_children.pop()], spawn_target, target_loader)
        self.interrupt_children.clear()

    def _stop_workers(self) -> None:
        """Ask workers to end until they do: one that is just starting may miss the first SIGTERM."""
        until = time.monotonic() + _END_WITHIN_S
        left: list[Any] = list(self.wrks)
        while left and time.monotonic() < until:
            for worker in left:
                worker.terminate()
            left[0].join(_ASK_AGAIN_AFTER_S)
            left = [worker for worker in left if worker.is_alive()]
        for worker in left:
            worker.kill()
            worker.join()
        self.wrks.clear()


def serve(port: int, workers: int) -> None:
    """Serve in the foreground; returns after SIGTERM or Ctrl-C when the requests in hand are answered.

    Only the supervisor listens to the keyboard: it tells its workers by SIGTERM.
    """
    os.register_at_fork(after_in_child=_obey_the_supervisor)
    server = Workers(
        "shared.hosts.local.web:start",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        backpressure=_THREADS,
        factory=True,
        websockets=False,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
    )
    server.on_startup(hear_the_keyboard)
    try:
        server.serve()
    except SystemExit:  # a worker ended by itself while all were ending, which is as well
        return


def ignore_the_keyboard() -> None:
    """Block Ctrl-C for this thread and for the threads and processes that it starts."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def hear_the_keyboard() -> None:
    """Let Ctrl-C through to this thread."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _obey_the_supervisor() -> None:
    """Let a worker end by a SIGTERM that comes before it serves; the supervisor's handler, inherited, swallows it."""
    ignore_the_keyboard()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
