"""What the invocations of a batch tell of themselves is held until it has settled; else it is told that it has not."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.storage.durability import Scope, current_scope, scope

Told = list[tuple[list[Any], bool]]


class Store:
    """A durable store that notes its syncs, and fails them if it is broken."""

    def __init__(self, noted: list[str], *, broken: bool = False) -> None:
        self.noted, self.broken = noted, broken

    def sync(self) -> None:
        if self.broken:
            raise OSError("the disk is gone")
        self.noted.append("safe")


class Rows:
    def unsent_before(self, events: Any) -> list[Any]:
        return []

    def discard_sent(self, event_ids: Any) -> None:
        return None


class Event:
    id = "evt_1"


def teller(told: Told) -> Callable[[list[Any], bool], None]:
    return lambda held, settled: told.append((held, settled))


def test_what_is_held_is_told_once_in_its_order_when_all_is_safe_and_nothing_is_published() -> None:
    noted: list[str] = []

    def tell(held: list[str], settled: bool) -> None:
        noted.append(f"told {held} {settled}")

    with scope(lambda events: noted.append("published"), is_batch=True) as batch:
        batch.touched(Store(noted))
        batch.emitted(Rows(), [Event()])  # type: ignore[list-item]
        batch.hold(tell, "first")
        batch.hold(tell, "second")
        assert noted == []

    assert noted == ["safe", "told ['first', 'second'] True", "published"]


def test_who_could_not_be_made_safe_is_told_not_to_have_settled() -> None:
    told: Told = []

    with pytest.raises(OSError, match="the disk is gone"), scope(lambda events: None, is_batch=True) as batch:
        batch.touched(Store([], broken=True))
        batch.hold(teller(told), "held")

    assert told == [(["held"], False)]


@pytest.mark.parametrize("error", [Unavailable("spoilt"), KeyboardInterrupt()])
def test_who_is_torn_out_of_its_work_is_told_not_to_have_settled(error: BaseException) -> None:
    told: Told = []

    with pytest.raises(type(error)), scope(lambda events: None, is_batch=True) as batch:
        batch.hold(teller(told), "held")
        raise error

    assert told == [(["held"], False)]
    assert current_scope() is None


def test_a_publish_that_fails_changes_nothing_of_what_has_settled() -> None:
    told: Told = []

    def fail(events: Any) -> None:
        raise OSError("no broker")

    with scope(fail, is_batch=True) as batch:
        batch.emitted(Rows(), [Event()])  # type: ignore[list-item]
        batch.hold(teller(told), "held")

    assert told == [(["held"], True)]


def test_telling_that_fails_undoes_nothing_and_shows_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    published: list[Any] = []

    def tell(held: list[Any], settled: bool) -> None:
        raise ValueError("a defect")

    with caplog.at_level(logging.ERROR), scope(published.extend, is_batch=True) as batch:
        batch.emitted(Rows(), [Event()])  # type: ignore[list-item]
        batch.hold(tell, "held")

    assert len(published) == 1
    assert "what was done could not be told" in caplog.text


def test_a_scope_that_takes_over_from_another_publishes_after_what_that_rests_on_is_safe() -> None:
    noted: list[str] = []
    failed = Scope(lambda events: None, is_batch=True)
    failed.touched(Store(noted))
    failed.emitted(Rows(), [Event()])  # type: ignore[list-item]
    assert failed.has_unpublished

    again = Scope(lambda events: noted.append("published"))
    again.take_over(failed)
    again.settle()

    assert noted == ["safe", "published"]
    assert not again.has_unpublished
