"""In the cloud the platform is asked elsewhere: Cloud Logging, Cloud Trace and the kept dead letters in Pub/Sub."""

from collections.abc import Sequence

from functions.backoffice.deliveries import DeadLetter, Effects
from functions.backoffice.operations import Operations


class CloudOperations(Operations):
    """Knows nothing; the pages say where to look."""

    def effects(self, order_id: str) -> Effects | None:
        """Return None: `docs/effects.md` says how the report is made of log entries."""

    def dead_letters(self) -> Sequence[DeadLetter]:
        """Return none: each subscription's dead letters lie in the subscription that keeps them."""
        return ()

    def replay(self, letter_ids: Sequence[str]) -> int:
        """Replay nothing: `docs/replay.md` says how it is done in the cloud."""
        return 0
