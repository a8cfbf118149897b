"""The peers' lines of the table."""

from bench.goals import PEERS, Row
from bench.load import Load
from bench.peers.installation import NAME
from bench.peers.published import PUBLISHED
from bench.peers.vendure import Peer


def rows(peer: Peer | str | None, loads: list[Load]) -> list[Row]:
    """Return the ratios to the peer of this run (or why there is none), then to the published ones."""
    return [*_same_run(peer, loads), *_published(loads)]


def goals(peer: Peer | str | None, loads: list[Load]) -> list[Row]:
    """Return the line that has a goal, if the peer was measured in this run."""
    if not isinstance(peer, Peer):
        return []
    ratio = loads[-1].accepted_per_s / max(rate.orders_per_s for rate in peer.rates)
    return [PEERS.row(f"orders accepted, against {peer.name} in the same run", ratio)]


def _same_run(peer: Peer | str | None, loads: list[Load]) -> list[Row]:
    if peer is None:
        return []
    if isinstance(peer, str):
        return [Row(f"{NAME}, in the same run", f"left out: {peer}")]
    one, most = peer.rates[0], peer.rates[-1]
    ours, ours_most = loads[0], loads[-1]
    speeds = ", ".join(f"{rate.orders_per_s:.1f}" for rate in peer.rates)
    accepted = ", ".join(
        f"{load.accepted_per_s / rate.orders_per_s:.1f} x" for load, rate in zip(loads, peer.rates, strict=True)
    )
    at = ", ".join(str(rate.clients) for rate in peer.rates)
    return [
        Row(f"{peer.name}, in the same run: orders/s at {at} clients", speeds),
        Row("  ours accepted against it", accepted),
        Row(
            f"  its whole checkout, its last step, p50 at {one.clients} client; ours",
            f"{one.checkout_p50_ms:.1f}, {one.last_step_p50_ms:.1f} ms; {ours.p50_ms:.1f} ms, "
            f"{one.checkout_p50_ms / ours.p50_ms:.1f} x, {one.last_step_p50_ms / ours.p50_ms:.1f} x faster",
        ),
        Row(
            f"  its CPU per order, {most.clients} clients; ours, every effect included",
            f"{most.cpu_ms:.1f} ms; {ours_most.cpu_ms:.1f} ms, {most.cpu_ms / ours_most.cpu_ms:.1f} x less",
        ),
        Row("  its start on a filled database; memory", f"{peer.start_s:.1f} s; {peer.memory_mib:.0f} MiB"),
    ]


def _published(loads: list[Load]) -> list[Row]:
    one, most = loads[0], loads[-1]
    return [
        Row(
            f"against {each.name} (published below)",
            f"{most.accepted_per_s / each.orders_per_s[-1]:.0f} x orders/s at 16 clients; p50 "
            f"{each.checkout_p50_ms / one.p50_ms:.1f} x faster; {each.cpu_ms / most.cpu_ms:.1f} x less CPU",
        )
        for each in PUBLISHED
    ]
