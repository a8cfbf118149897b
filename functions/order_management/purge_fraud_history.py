"""Every ten minutes: have fraud, which no schedule reaches, forget what it has kept long enough."""

from shared.calls.port import Calls
from shared.errors import CallFailed
from shared.http.models import Command, View

MOST = 5
"""Calls in one run; what is left then waits for the next."""
PATIENCE_S = 5.0


class Ask(Command):
    """The body of fraud's `POST /api/purges`."""


class Purged(View):
    """Fraud's answer."""

    rows: int
    more: bool


def purge_fraud_history(call: Calls) -> None:
    """Ask until nothing is left; while fraud is away, the next run tries again."""
    for _ in range(MOST):
        try:
            answer = call.post("fraud", "/api/purges", Ask(), Purged, deadline_s=PATIENCE_S)
        except CallFailed:
            return
        if not answer.more:
            return
