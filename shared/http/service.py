"""One service in one process: its rows, its database, its ports and its way out, each made on first use."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from threading import RLock
from typing import TYPE_CHECKING, Any

from shared.events import Envelope
from shared.http.capability import Capability, load
from shared.manifest import ServiceRow, Topics, service_row, topics
from shared.settings import Settings
from shared.storage import Database
from shared.values.clock import Clock, utc_now

if TYPE_CHECKING:
    from shared.calls.transport import Wsgi
    from shared.messaging.publisher import Message, Publisher

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Service:
    """What the edge of one service works with."""

    name: str
    settings: Settings
    neighbours: "Mapping[str, Wsgi]" = field(default_factory=dict)
    """Services in this process, by name: called directly instead of over a socket."""
    clock: Clock = utc_now
    _loaded: dict[str, Capability] = field(default_factory=dict)
    _ports: dict[type[Any], Any] = field(default_factory=dict)
    _making: RLock = field(default_factory=RLock)

    @cached_property
    def row(self) -> ServiceRow:
        """The service's file in triggers/."""
        return service_row(self.name)

    @cached_property
    def topics(self) -> Topics:
        """All topics."""
        return topics()

    @property
    def database(self) -> Database:
        """The service's own database."""
        from shared.storage.connect import connect  # noqa: PLC0415  (a service without documents opens none)

        return connect(self.name, self.settings)

    def capability(self, name: str) -> Capability:
        """Return a capability, importing it on first use."""
        found = self._loaded.get(name)
        if found is None:
            with self._making:
                found = self._loaded[name] = load(self.name, name, self.row.functions[name])
        return found

    def provide(self, what: str) -> Any:
        """Return `call`, `settings` or `instance`."""
        makers: dict[str, Callable[[], Any]] = {"call": lambda: self._calls, "settings": lambda: self.settings}
        return makers[what]() if what in makers else self._instance

    def port(self, kind: type[Any]) -> Any:
        """Return the process's one adapter of a port of the service's own."""
        found = self._ports.get(kind)
        if found is None:
            with self._making:
                found = self._ports.setdefault(kind, kind.connect(self.settings))
        return found

    def publish(self, events: Sequence[Envelope]) -> None:
        """Hand events to the broker."""
        self._publish(events)

    def send_letters(self, letters: "Sequence[Message]") -> None:
        """Hand dead letters to the broker."""
        from shared.messaging.letters import send_letters  # noqa: PLC0415  (few processes have any)

        send_letters(letters, self._publisher)

    def outstanding(self) -> dict[str, int]:
        """Return what is unfinished and waits for no person: outbox rows, and what the service counts itself."""
        counted: dict[str, int] = {}
        if self.row.runs_on == "cloud_run":
            counted["outbox"] = self.database.outstanding()
        module = f"functions.{self.name}.outstanding"
        if find_spec(module):
            counted |= import_module(module).outstanding(self.database)
        return counted

    @cached_property
    def _calls(self) -> Any:
        from shared.calls.http import HttpCalls  # noqa: PLC0415

        return HttpCalls(self.name, self.settings, self.neighbours, self.clock)

    @cached_property
    def _instance(self) -> Any:
        from shared.storage.connect import instance  # noqa: PLC0415

        return instance(self.settings)

    @cached_property
    def _publisher(self) -> "Publisher":
        from shared.messaging.connect import connect_publisher  # noqa: PLC0415

        return connect_publisher(self.name, self.settings)

    @cached_property
    def _publish(self) -> Callable[[Sequence[Envelope]], None]:
        from shared.messaging.publisher import event_publisher  # noqa: PLC0415

        return event_publisher(self._publisher, self.topics)
