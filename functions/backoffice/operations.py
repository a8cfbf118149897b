"""The Operations port: what the platform knows of events and their deliveries, which no service owns.

On a laptop the estate answers. In the cloud nothing does yet: there, logs, traces and `docs/effects.md` tell.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from functions.backoffice.deliveries import DeadLetter, Effects
from shared.settings import Settings


class Operations(ABC):
    """What a person on duty asks the platform. CallFailed where it doesn't answer."""

    @abstractmethod
    def effects(self, order_id: str) -> Effects | None:
        """Return what an order led to; None if nothing is recorded of it, or nothing is recorded here."""

    @abstractmethod
    def dead_letters(self) -> Sequence[DeadLetter]:
        """Return what subscriptions gave up, the oldest first."""

    @abstractmethod
    def replay(self, letter_ids: Sequence[str]) -> int:
        """Send these to their subscriptions again; returns how many went."""

    @staticmethod
    def connect(settings: Settings) -> "Operations":
        """Return this process's adapter, as the settings say."""
        if settings.platform == "cloud":
            from functions.backoffice.cloud_operations import CloudOperations  # noqa: PLC0415

            return CloudOperations()
        from functions.backoffice.estate_operations import EstateOperations  # noqa: PLC0415

        return EstateOperations(settings)
