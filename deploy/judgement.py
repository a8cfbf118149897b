"""Promote or roll back: the canary's revisions against the ones that they would replace, by Cloud Monitoring's figures.

Pure: what Monitoring answered goes in, a verdict with its reasons comes out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from deploy.gcloud import Traffic

ENOUGH = 20
"""Requests from which on a ratio says something; below, any 5xx condemns and their absence suffices."""
ERRORS_ALLOWED = 0.01
"""A share of 5xx that a canary may have however good the others are."""
TIMES_THE_ERRORS = 2.0
TIMES_THE_LATENCY, AND_MS = 1.5, 100.0
"""A canary's 95th percentile may be half as much again and a tenth of a second: its instances are cold, and few."""


@dataclass(frozen=True)
class Figures:
    """What came of a revision's requests; `p95_ms` None without any."""

    requests: int = 0
    errors: int = 0
    p95_ms: float | None = None

    @property
    def ratio(self) -> float:
        """Return the share of 5xx."""
        return self.errors / self.requests if self.requests else 0.0


@dataclass(frozen=True)
class Verdict:
    """Whether the image goes on, and what speaks against it, by service."""

    promote: bool
    reasons: tuple[str, ...]


def figures(counts: Mapping[str, Any], latencies: Mapping[str, Any]) -> dict[str, Figures]:
    """Read two answers of timeSeries.list, by revision: request_count by class of answer; request_latencies' p95."""
    found: dict[str, Figures] = {}
    for revision, series in _by_revision(counts):
        number = sum(int(point["value"]["int64Value"]) for point in series["points"])
        so_far = found.get(revision, Figures())
        failed = number if series["metric"]["labels"]["response_code_class"] == "5xx" else 0
        found[revision] = replace(so_far, requests=so_far.requests + number, errors=so_far.errors + failed)
    for revision, series in _by_revision(latencies):
        worst = max(float(point["value"]["doubleValue"]) for point in series["points"])
        found[revision] = replace(found.get(revision, Figures()), p95_ms=worst)
    return found


def _by_revision(answer: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return [(series["resource"]["labels"]["revision_name"], series) for series in answer.get("timeSeries", [])]


def judge(split: Mapping[str, Traffic], found: Mapping[str, Figures], smoke_passed: bool) -> Verdict:
    """Judge all services together: they are one image, and may rely on each other's new version."""
    reasons = [] if smoke_passed else ["the smoke test did not pass"]
    for service, sides in sorted(split.items()):
        if sides.canary is None:
            reasons.append(f"{service}: there is no canary")
            continue
        stable, canary = found.get(sides.stable, Figures()), found.get(sides.canary, Figures())
        reasons += [f"{service}: {reason}" for reason in _against(canary, stable)]
    return Verdict(not reasons, tuple(reasons))


def _against(canary: Figures, stable: Figures) -> Iterable[str]:
    if canary.requests < ENOUGH:
        if canary.errors:
            yield f"{canary.errors} of only {canary.requests} requests failed"
        return
    allowed = max(ERRORS_ALLOWED, TIMES_THE_ERRORS * stable.ratio)
    if canary.ratio > allowed:
        yield f"{canary.ratio:.1%} of {canary.requests} requests failed, {allowed:.1%} may"
    if canary.p95_ms is not None and stable.p95_ms is not None:
        slowest = TIMES_THE_LATENCY * stable.p95_ms + AND_MS
        if canary.p95_ms > slowest:
            yield f"p95 is {canary.p95_ms:.0f} ms, {slowest:.0f} ms may be"
