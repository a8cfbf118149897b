"""The channels by which messages leave: e-mail, SMS and push each have a port of their own; in-app needs none."""

from collections.abc import Callable
from typing import Literal, Self

from functions.notification.mailer import Mailer
from functions.notification.push_service import PushService
from functions.notification.texter import Texter
from shared.settings import Settings

Channel = Literal["email", "sms", "push", "in_app"]
CHANNELS: tuple[Channel, ...] = ("email", "sms", "push", "in_app")


class Channels:
    """Ways to reach people; each carrier is connected when its first message leaves."""

    def __init__(
        self, mailer: Callable[[], Mailer], texter: Callable[[], Texter], push_service: Callable[[], PushService]
    ) -> None:
        self._makers = mailer, texter, push_service
        self._mailer: Mailer | None = None
        self._texter: Texter | None = None
        self._push_service: PushService | None = None

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Return this process's channels."""
        return cls(
            lambda: Mailer.connect(settings), lambda: Texter.connect(settings), lambda: PushService.connect(settings)
        )

    @property
    def mailer(self) -> Mailer:
        """Who carries e-mail."""
        self._mailer = self._mailer or self._makers[0]()
        return self._mailer

    @property
    def texter(self) -> Texter:
        """Who carries text messages."""
        self._texter = self._texter or self._makers[1]()
        return self._texter

    @property
    def push_service(self) -> PushService:
        """Who carries push notifications."""
        self._push_service = self._push_service or self._makers[2]()
        return self._push_service
