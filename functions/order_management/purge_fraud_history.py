"""Every hour: have fraud, which no schedule reaches, forget what it has kept long enough."""

from shared.calls.port import Calls
from shared.errors import CallFailed
from shared.http.models import Command, View

MOST = 10
"""Calls in one run; what is left then waits for the next hour."""
PATIENCE_S = 2.4


class Ask(Command):
    """The body of fraud's `POST /api/purges`."""


class Purged(View):
    """Fraud's answer."""

    rows: int
    more: bool


def purge_fraud_history(call: Calls) -> None:
    """Ask until nothing is left; while fraud is away, the next hour tries again."""
    for _ in range(MOST):
        try:
            answer = call.post("fraud", "/api/purges", Ask(), Purged, deadline_s=PATIENCE_S)
        except CallFailed:
            return
        if not answer.more:
            return
