"""The load: some clients, each with a connection of its own, sending its next request when the last is answered.

One thread over non-blocking sockets with ready-made requests, because it shares the estate's cores: 0.1 ms a request.
"""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_PATIENCE_S = 60.0


@dataclass
class Outcome:
    """What came of a load. Latencies in seconds, from the first byte sent to the last byte received."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    bodies: list[bytes] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    """When each was answered, in the order of `bodies`."""
    began: float = 0.0
    ended: float = 0.0
    client_cpu_s: float = 0.0


@dataclass
class _Connection:
    socket: socket.socket
    sent: float = 0.0
    received: bytearray = field(default_factory=bytearray)


def run(port: int, requests: list[bytes], clients: int) -> Outcome:
    """Send all requests from `clients` connections; TimeoutError if the estate stays silent for a minute."""
    outcome, waiting = Outcome(), iter(requests)
    selector = selectors.DefaultSelector()
    cpu = time.process_time()
    for _ in range(clients):
        link = socket.create_connection(("127.0.0.1", port))
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(link, selectors.EVENT_READ, _Connection(link))
    outcome.began = time.perf_counter()
    for key in list(selector.get_map().values()):
        _send_next(selector, key.data, waiting)
    while selector.get_map():
        ready = selector.select(_PATIENCE_S)
        if not ready:
            raise TimeoutError(f"no answer within {_PATIENCE_S:.0f} s")
        for key, _ in ready:
            _receive(selector, key.data, waiting, outcome)
    outcome.ended = time.perf_counter()
    outcome.client_cpu_s = time.process_time() - cpu
    selector.close()
    return outcome


def _send_next(selector: selectors.BaseSelector, connection: _Connection, waiting: Iterator[bytes]) -> None:
    request = next(waiting, None)
    if request is None:
        selector.unregister(connection.socket)
        connection.socket.close()
        return
    connection.sent = time.perf_counter()
    connection.socket.sendall(request)


def _receive(
    selector: selectors.BaseSelector, connection: _Connection, waiting: Iterator[bytes], outcome: Outcome
) -> None:
    data = connection.socket.recv(65536)
    if not data:
        raise ConnectionError("the estate closed a connection in the middle of an answer")
    connection.received += data
    answer = _whole(connection.received)
    if answer is None:
        return
    outcome.moments.append(time.perf_counter())
    outcome.latencies.append(outcome.moments[-1] - connection.sent)
    outcome.statuses[answer[0]] += 1
    outcome.bodies.append(answer[1])
    connection.received.clear()
    _send_next(selector, connection, waiting)


def _whole(received: bytearray) -> tuple[int, bytes] | None:
    """Return status and body once all of an answer is there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = received[:end].lower()
    at = head.index(b"content-length:") + 15
    stop = head.find(b"\r\n", at)
    length = int(head[at : stop if stop > 0 else None])
    content = received[end + 4 :]
    return (int(head[9:12]), bytes(content)) if len(content) >= length else None
