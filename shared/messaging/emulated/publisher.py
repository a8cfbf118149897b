"""The estate's Publisher on Pub/Sub's emulator: enters in the ledger what it publishes, and wakes whoever waits."""

from collections.abc import Sequence
from pathlib import Path

from shared.messaging.embedded.wakeups import send
from shared.messaging.emulated.ledger import Ledger
from shared.messaging.publisher import Message, Publisher


class EmulatedPublisher:
    """Publishes through another publisher."""

    def __init__(self, publisher: Publisher, ledger: Ledger, wake_folder: Path) -> None:
        self._publisher, self._ledger, self._wake_folder = publisher, ledger, wake_folder
        wake_folder.mkdir(parents=True, exist_ok=True)

    def publish(self, messages: Sequence[Message]) -> list[str]:
        """Publish and return the ids.

        What is expected of it stands in the ledger before the first push can come; nothing does if this raises.
        """
        expected = self._ledger.expect((each, _event(each)) for each in messages if _event(each))
        try:
            ids = self._publisher.publish(messages)
        except BaseException:
            self._ledger.withdraw(expected)
            raise
        named = zip(messages, ids, strict=True)
        self._ledger.expect((each, number) for each, number in named if not _event(each))
        send(self._wake_folder, {each.attributes["ce-type"] for each in messages if "ce-type" in each.attributes})
        return ids


def _event(message: Message) -> str:
    return message.attributes.get("ce-id", "")
