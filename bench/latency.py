"""From commit to the consumer's commit, at low load: single orders, watched in the databases' WAL indexes from outside.

An order is placed while nothing else runs. The clock starts at checkout's last commit before the first consumer's: the
one that holds the order and `order.confirmed`. It stops at the first commit in each database of a consumer that only
`order.confirmed` makes write then: order_management, warehouse, accounting, notification. The eye looks every 0.1 to
0.2 ms.
"""

import socket
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench import orders
from bench.commits import Counter
from bench.estate import Estate

SOURCE = "checkout"
CONSUMERS = ("order_management", "warehouse", "accounting", "notification")
_LOOK_S = 0.0001
_PATIENCE_S = 5.0
_PAUSE_S = 0.15


@dataclass(frozen=True)
class Latencies:
    """In ms: of the events by consumer, and of checkout's answers, one entry an order each."""

    events: dict[str, list[float]]
    checkouts: list[float]


def measure(estate: Estate, first: int, count: int, told: Callable[[bytes], None] = lambda _: None) -> Latencies:
    """Place `count` orders one by one on a warm, idle estate; `told` gets the body of every answer."""
    found = Latencies({name: [] for name in CONSUMERS}, [])
    with _eyes(estate) as eyes, socket.create_connection(("127.0.0.1", estate.port)) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in orders.requests(estate.host, estate.token("gke-checkout"), first, count):
            seen, answered_ms, answer = _watch(eyes, link, request)
            told(answer.partition(b"\r\n\r\n")[2])
            found.checkouts.append(answered_ms)
            committed = max(at for at in seen[SOURCE] if at <= min(seen[name][0] for name in CONSUMERS))
            for name in CONSUMERS:
                found.events[name].append((seen[name][0] - committed) * 1000)
            estate.await_idle(30)
            time.sleep(_PAUSE_S)
    return found


@contextmanager
def _eyes(estate: Estate) -> Iterator[dict[str, Counter]]:
    with ExitStack() as stack:
        eyes = {name: Counter(estate.data / f"{name}.db") for name in (SOURCE, *CONSUMERS)}
        for eye in eyes.values():
            stack.callback(eye.close)
        yield eyes


def _watch(
    eyes: dict[str, Counter], link: socket.socket, request: bytes
) -> tuple[dict[str, list[float]], float, bytes]:
    """Send a request and watch until it is answered and every consumer has committed.

    Returns when each commit was seen, the answer's time in ms, and the answer.
    """
    counts = {name: eye.read() for name, eye in eyes.items()}
    seen: dict[str, list[float]] = {name: [] for name in eyes}
    received, answered = b"", 0.0
    link.settimeout(10)
    began = time.perf_counter()
    link.sendall(request)
    link.setblocking(False)
    while not answered or not all(seen.values()):
        now = time.perf_counter()
        if now - began > _PATIENCE_S:
            missing = [name for name, times in seen.items() if not times]
            raise TimeoutError(f"no commit by {missing} within {_PATIENCE_S:.0f} s")
        for name, eye in eyes.items():
            count = eye.read()
            if count != counts[name]:
                counts[name] = count
                seen[name].append(now)
        if not answered:
            received += _arrived(link)
            answered = now if received.endswith(b"}") else 0.0
        time.sleep(_LOOK_S)
    return seen, (answered - began) * 1000, received


def _arrived(link: socket.socket) -> bytes:
    try:
        data = link.recv(65536)
    except BlockingIOError:
        return b""
    if not data:
        raise ConnectionError("the estate closed the connection in the middle of an answer")
    return data


def percentile(times: list[float], percent: int) -> float:
    """Return a percentile of two samples or more."""
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]
