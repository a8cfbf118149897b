"""The peers as they were measured once, in November 2026, on a 2-core, 24 GiB Debian 12 machine: not in this run.

Each by a full checkout of three lines through its own API, nine or ten requests an order. Software, versions and the
way of measuring are those of `bench.peers.vendure`, which measures the fastest of them anew where node is present.
"""

from dataclasses import dataclass

SOURCE = "measured once on a 2-core, 24 GiB Debian 12 machine, November 2026; not in this run"


@dataclass(frozen=True)
class Published:
    """Orders per second from 1, 4 and 16 clients; medians in ms from 1 client; CPU in ms an order."""

    name: str
    orders_per_s: tuple[float, float, float]
    checkout_p50_ms: float
    last_step_p50_ms: float
    cpu_ms: float


PUBLISHED = (
    Published("Vendure 3.7.3, SQLite", (19.3, 19.7, 19.8), 50, 11.8, 55),
    Published("Vendure 3.7.3, PostgreSQL", (7.7, 13.6, 14.3), 122, 27, 120),
    Published("Medusa 2.21.2, PostgreSQL", (1.4, 1.7, 1.8), 699, 121, 720),
    Published("Saleor 3.24, PostgreSQL, 2 workers", (1.3, 1.7, 2.2), 759, 177, 800),
)
