"""`--platform emulators`: Firestore as the database and Pub/Sub as the broker, both Google's own emulators.

They keep everything in memory. What the estate keeps beside them (identity, the analytical store, its ledger) lies in
`<data>/emulators` and is thrown away whenever the emulators are found to know nothing of it.
"""

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from shared.calls.transport import over_socket
from shared.errors import CallFailed
from shared.hosts.local.dead_letters import EmulatedDeadLetters
from shared.hosts.local.emulators import FIRESTORE, PUBSUB, Emulator, Started
from shared.hosts.local.pubsub_admin import PubSubAdmin
from shared.hosts.local.pushes import Pushes, push_key
from shared.manifest import Subscription, manifest
from shared.messaging.embedded.delivery import micros
from shared.messaging.emulated.connect import connect_emulated, connect_ledger
from shared.messaging.publisher import Letter, Message
from shared.settings import Settings, read_settings
from shared.values.clock import utc_now

PROJECT_FILE = "project"
_PATIENCE_S = 2.0


class Emulators:
    """Both emulators, found or started here, and a project of this estate's own in them."""

    def __init__(self, folder: Path) -> None:
        """RuntimeError says what is missing, or that one did not start."""
        missing = [why for why in (FIRESTORE.missing(), PUBSUB.missing()) if why]
        if missing:
            raise RuntimeError("; ".join(missing))
        self.folder = folder / "emulators"
        self._started: list[Started] = []
        try:
            addresses = [each.running or self._start(each, folder) for each in (FIRESTORE, PUBSUB)]
            for each in self._started:
                each.wait()
            self.project = self._project(addresses[1])
        except BaseException:
            self.end()
            raise
        self.variables = {
            "BOUTIQUE_PLATFORM": "emulators",
            "BOUTIQUE_DATA": str(self.folder),
            "BOUTIQUE_KEYS": str(self.folder / "identity" / "jwks.json"),
            "BOUTIQUE_PROJECT": self.project,
            "BOUTIQUE_FIRESTORE": addresses[0],
            "BOUTIQUE_PUBSUB": addresses[1],
        }

    def declare(self, estate: str) -> None:
        """Make topics and subscriptions, pushing to the estate at this address."""
        own = read_settings(self.variables)
        admin = PubSubAdmin(own.pubsub, own.project)
        admin.declare(manifest(), estate, push_key(own))
        admin.close()

    def end(self) -> None:
        """End those that were started here."""
        for each in self._started:
            each.end()

    def _start(self, emulator: Emulator, folder: Path) -> str:
        self._started.append(Started(emulator, folder / f"{emulator.component}.log"))
        return self._started[-1].address

    def _project(self, pubsub: str) -> str:
        """Return the project that this folder belongs to; a new one, and an empty folder, if that is gone."""
        mark = self.folder / PROJECT_FILE
        if mark.is_file() and not self._started:
            known = mark.read_text(encoding="ascii")
            admin = PubSubAdmin(pubsub, known)
            gone = admin.is_empty()
            admin.close()
            if not gone:
                return known
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        project = f"local-{token_hex(4)}"
        mark.write_text(project, encoding="ascii")
        return project


class EmulatedDesk:
    """The estate's own routes over Pub/Sub's emulator: reports from the ledger, dead letters from their keepers."""

    def __init__(self, settings: Settings, pushes: Pushes) -> None:
        self._pubsub = settings.pubsub
        self._ledger, self._publisher = connect_ledger(settings), connect_emulated(settings)
        self._letters = EmulatedDeadLetters(settings, self._ledger, pushes.again)

    def publish(self, messages: Sequence[Message]) -> list[str]:
        """Publish; LookupError for an unknown topic."""
        return self._publisher.publish(messages)

    def names(self) -> set[str]:
        """Return the names of the subscriptions that the triggers declare."""
        return set(self._ledger.subscriptions)

    def backlog(self) -> int:
        """Return how many deliveries are outstanding; dead letters are not."""
        return self._ledger.backlog()

    def subscriptions_report(self, now: datetime) -> list[dict[str, Any]]:
        """Return each subscription's backlog, age and counters."""
        return self._ledger.report(now)

    def failure(self) -> str | None:
        """Return why the emulator of Pub/Sub is not to be reached, None if all is well."""
        try:
            over_socket(f"http://{self._pubsub}/", "GET", {}, None, {}, _PATIENCE_S)
        except CallFailed as error:
            return f"Pub/Sub's emulator: {error.detail}"
        return None

    def dead_letters(self, limit: int = 100) -> list[dict[str, Any]]:
        """Return the oldest dead letters with their reasons."""
        return self._letters.listed(limit)

    def undelivered(self, order_id: str) -> list[dict[str, Any]]:
        """Return nothing: what the emulator has not pushed yet can't be seen in it."""
        return []

    def replay(self, subscription: str | None = None, ids: Sequence[str] | None = None) -> int:
        """Push dead letters again, each to its own subscription alone; ValueError if an id is no number."""
        return self._letters.replay(subscription, ids)

    def letters(self, subscription: str | None = None, ids: Sequence[str] | None = None) -> list[Letter]:
        """Return dead letters as they were published first, and leave them; ValueError if an id is no number."""
        return self._letters.letters(subscription, ids)

    def send(self, subscription: Subscription, messages: Sequence[Message]) -> int:
        """Push messages to one subscription alone, at once; return how many it acknowledged."""
        now = micros(utc_now())
        return sum(self._letters.send(subscription, each, now + number, now) for number, each in enumerate(messages))
