"""Who makes commits durable, and when events leave.

Commits are cheap and not yet safe against power loss; the outermost piece of work (one request, or one batch of
deliveries) owns that. Before it answers, acknowledges, publishes, or lets money or mail leave, it syncs every
database it wrote or read, once. Before a commit in one database it syncs the others that the same invocation
touched, so that no effect outlives its cause.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from shared.errors import Unavailable
from shared.events.envelope import Envelope

log = logging.getLogger(__name__)


class Durable(Protocol):
    """A store whose commits so far can be made safe against power loss."""

    def sync(self) -> None:
        """Return when every commit made or seen so far is safe; waiting threads share one sync."""


class Outbox(Protocol):
    """Where the rows of emitted events lie until the broker has them."""

    def unsent_before(self, events: Sequence[Envelope]) -> list[Envelope]:
        """Return what must be published before these events of one commit, in the order of commits."""

    def discard_sent(self, event_ids: Sequence[str]) -> None:
        """Forget these rows."""


Publish = Callable[[Sequence[Envelope]], None]
"""Hand events to the broker; returns when it keeps them safely, raises if it may not have them."""
Tell = Callable[[list[Any], bool], None]
"""Is given all that was held for it, in its order, and whether the scope has settled."""


class Gathering(Durable, Protocol):
    """A store that may keep commits back until its scope settles, and make them one."""

    def commit_gathered(self, scope: "Scope") -> None:
        """Commit what was kept back for this scope."""


class Scope:
    """One outermost piece of work. Not shared between threads.

    With `gathers` (a batch), a store may keep back commits and make one of them: those that rest on nothing it read,
    which can't conflict, and those on whose outcome nobody acts before the scope has settled, which it does again if
    they do. They are committed before anything outside a transaction of that store may rest on them: a read, a commit
    elsewhere by their invocation, an effect.

    With `is_batch` its invocations are answered before it settles, so what they tell of themselves is held.
    """

    def __init__(self, publish: Publish, *, gathers: bool = False, is_batch: bool = False) -> None:
        self._publish = publish
        self.gathers, self.is_batch = gathers, is_batch
        self.gathered: dict[Gathering, Any] = {}
        """What each store keeps back."""
        self._spoilt: BaseException | None = None
        self._unsynced: dict[Durable, None] = {}
        self._causes: dict[Durable, None] = {}
        self._emitted: list[tuple[Outbox, list[Envelope]]] = []
        self._held: dict[Tell, list[Any]] = {}

    def touched(self, store: Durable) -> None:
        """Note that this work read or wrote `store`, so what it saw must be safe before the work shows."""
        self._unsynced[store] = None
        self._causes[store] = None

    def committing(self, store: Durable) -> None:
        """Make safe what this invocation saw elsewhere, before it commits in `store`.

        That may commit what other stores keep back, for which `store` is made safe first: its commit comes after that.
        """
        for cause in [other for other in self._causes if other is not store]:
            self._sync(cause)
        self.touched(store)

    def rests_only_on(self, store: Durable) -> bool:
        """Say whether this invocation saw nothing elsewhere that is not safe yet, so its commit may be kept back."""
        return all(cause is store for cause in self._causes)

    def emitted(self, outbox: Outbox, events: list[Envelope]) -> None:
        """Take events of a commit; they are published when the work is done."""
        self._emitted.append((outbox, events))

    @property
    def has_unpublished(self) -> bool:
        """Whether events of its commits are not at the broker: it has not settled, or could not publish."""
        return bool(self._emitted)

    def take_over(self, other: "Scope") -> None:
        """Emit what another scope, which has ended, could not publish; what that rests on is made safe first."""
        self._emitted += other._emitted
        self._unsynced |= other._unsynced

    def hold(self, tell: Tell, what: Any) -> None:
        """Have this told when the scope has settled, before anything is published; or when it has ended otherwise."""
        self._held.setdefault(tell, []).append(what)

    def tell(self, *, settled: bool) -> None:
        """Tell what is held, once; what fails in telling changes nothing of what was done."""
        told, self._held = self._held, {}
        for tell, held in told.items():
            try:
                tell(held, settled)
            except Exception:
                log.exception("what was done could not be told")

    def leaving(self) -> None:
        """Make safe what this invocation rests on, before an effect of it leaves."""
        for cause in list(self._causes):
            self._sync(cause)

    def next_invocation(self) -> None:
        """Begin another, causally unrelated invocation of the same batch."""
        self._causes.clear()

    def barrier(self) -> None:
        """Make safe everything this work touched, as its end does."""
        while self.gathered:
            next(iter(self.gathered)).commit_gathered(self)
        if self._spoilt is not None:
            raise Unavailable("a gathered commit failed; nothing of the batch may count") from self._spoilt
        for store in list(self._unsynced):
            self._sync(store)

    def spoil(self, error: BaseException) -> None:
        """Note that a gathered commit failed after its work had been called done: the scope will not settle."""
        self._spoilt = error

    def settle(self) -> None:
        """Make everything safe.

        Then tell what is held, and publish what was emitted, each event after all earlier unsent ones of its sequence.
        A failed publish is left to the relay and is no error.
        """
        self.barrier()
        if self._held:
            self.tell(settled=True)
        batch, self._emitted = self._emitted, []
        if not batch:
            return
        try:
            whole = [(outbox, [*outbox.unsent_before(events), *events]) for outbox, events in batch]
            # by id: an earlier commit of this very work comes before a later one too, and is published once
            self._publish(list({event.id: event for _, events in whole for event in events}.values()))
        except Exception as error:
            log.warning("publish failed (%s); the relay will send the outbox rows", type(error).__name__)
            self._emitted = batch
            return
        for outbox, events in whole:
            outbox.discard_sent([event.id for event in events])

    def _sync(self, store: Durable) -> None:
        for keeping in [each for each in self.gathered if each is store]:
            keeping.commit_gathered(self)
        store.sync()
        self._unsynced.pop(store, None)
        self._causes.pop(store, None)


_current: ContextVar[Scope | None] = ContextVar("durability_scope", default=None)


def current_scope() -> Scope | None:
    """Return the scope of the work that runs now, or None outside of any (a store then syncs each commit by itself)."""
    return _current.get()


@contextmanager
def scope(publish: Publish, *, gathers: bool = False, is_batch: bool = False) -> Iterator[Scope]:
    """Run work in the outermost scope, settling it at the end; inside another scope, join that one."""
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    inner = Scope(publish, gathers=gathers, is_batch=is_batch)
    token = _current.set(inner)
    try:
        yield inner
        inner.settle()
    finally:
        _current.reset(token)
        if inner._held:
            inner.tell(settled=False)


def leaving() -> None:
    """Make safe what the present invocation rests on; every port with an effect outside calls this first."""
    present = _current.get()
    if present is not None:
        present.leaving()
