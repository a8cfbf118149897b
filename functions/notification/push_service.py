"""The PushService port: hands notifications to whoever carries them to apps."""

from abc import ABC, abstractmethod

from shared.settings import Settings


class PushService(ABC):
    """A carrier of push notifications."""

    @classmethod
    def connect(cls, settings: Settings) -> "PushService":
        """Return this process's push service: Firebase if a project is set, else the embedded pocket."""
        if settings.firebase_project:
            from functions.notification.fcm import Fcm  # noqa: PLC0415  (adapters are imported when chosen)

            return Fcm(settings.firebase_project, settings.metadata)
        from functions.notification.pocket import Pocket, PocketPushService  # noqa: PLC0415
        from shared.storage.connect import connect  # noqa: PLC0415

        return PocketPushService(Pocket(connect("mailbox", settings)))

    @abstractmethod
    def push(self, message_id: str, device_token: str, title: str, body: str) -> str:
        """Notify one installed app; returns the carrier's reference. Refused, Unavailable.

        A device shows one notification per `message_id`, however often it is sent. Refuses to work inside a
        transaction.
        """
