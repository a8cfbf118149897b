"""What is outstanding on a broker that does not tell: expected when published, closed when acknowledged."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shared.manifest import Retry, Subscription
from shared.messaging.embedded.wakeups import Wakeups
from shared.messaging.emulated.ledger import PURGE_AFTER, Ledger
from shared.messaging.emulated.publisher import EmulatedPublisher
from shared.messaging.publisher import Message

WANTS_ALL = Subscription(
    name="data_warehouse.collect.order-events",
    topic="order-events",
    service="data_warehouse",
    function="collect",
    types=None,
    retry=Retry(max_attempts=5),
)
WANTS_HELD = Subscription(
    name="crm.listen.order-events", topic="order-events", service="crm", function="listen", types={"order.held"}
)
CONFIRMED = Message("order-events", b"{}", {"ce-id": "evt_1", "ce-type": "order.confirmed"})
HELD = Message("order-events", b"{}", {"ce-id": "evt_2", "ce-type": "order.held"})
RAW = Message("order-events", b"raw")


@pytest.fixture
def ledger(tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "deliveries.db", [WANTS_ALL, WANTS_HELD], clock)
    yield opened
    opened.close()


class Recorded:
    """A publisher that notes what the ledger said when it was called, and fails when told to."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.error, self.backlogs = ledger, None, list[int]()
        self.error: Exception | None

    def publish(self, messages: Any) -> list[str]:
        self.backlogs.append(self.ledger.backlog())
        if self.error:
            raise self.error
        return [str(7 + place) for place in range(len(messages))]


@pytest.fixture
def recorded(ledger: Ledger) -> Recorded:
    return Recorded(ledger)


@pytest.fixture
def publisher(recorded: Recorded, ledger: Ledger, tmp_path: Path) -> EmulatedPublisher:
    return EmulatedPublisher(recorded, ledger, tmp_path / "wake")


def row(ledger: Ledger, source: Subscription, now: datetime) -> tuple[int, int, int, int]:
    [found] = [each for each in ledger.report(now) if each["name"] == source.name]
    return found["backlog"], found["delivered"], found["retried"], found["dead_lettered"]


def test_an_event_is_expected_by_who_wants_it_before_it_is_published(
    publisher: EmulatedPublisher, recorded: Recorded, ledger: Ledger, now: datetime
) -> None:
    assert publisher.publish([CONFIRMED, HELD]) == ["7", "8"]

    assert recorded.backlogs == [3]
    assert (row(ledger, WANTS_ALL, now)[0], row(ledger, WANTS_HELD, now)[0]) == (2, 1)


def test_nothing_is_expected_of_what_was_not_published(
    publisher: EmulatedPublisher, recorded: Recorded, ledger: Ledger
) -> None:
    recorded.error = LookupError("no topic")

    with pytest.raises(LookupError):
        publisher.publish([CONFIRMED])

    assert (recorded.backlogs, ledger.backlog()) == ([1], 0)


def test_a_failed_publish_leaves_what_another_process_expects(publisher: EmulatedPublisher, recorded: Recorded) -> None:
    publisher.publish([CONFIRMED])
    recorded.error = ConnectionError()

    with pytest.raises(ConnectionError):
        publisher.publish([CONFIRMED])

    assert recorded.ledger.backlog() == 1


def test_what_is_no_event_is_expected_by_its_message_s_id(publisher: EmulatedPublisher, ledger: Ledger) -> None:
    publisher.publish([CONFIRMED, RAW])
    ledger.acknowledged(WANTS_ALL.name, "evt_1")
    assert ledger.backlog() == 1

    ledger.acknowledged(WANTS_ALL.name, "8")

    assert (ledger.backlog(), ledger.with_dead_letters()) == (0, [])


def test_a_push_that_comes_before_its_entry_is_not_expected_again(publisher: EmulatedPublisher, ledger: Ledger) -> None:
    ledger.acknowledged(WANTS_ALL.name, "7")

    publisher.publish([RAW])

    assert ledger.backlog() == 0


def test_redeliveries_are_counted_and_close_nothing_twice(ledger: Ledger, now: datetime) -> None:
    ledger.expect([(CONFIRMED, "evt_1"), (HELD, "evt_2")])
    for _ in range(3):
        ledger.acknowledged(WANTS_ALL.name, "evt_1")
    ledger.expect([(CONFIRMED, "evt_1")])

    assert row(ledger, WANTS_ALL, now) == (1, 3, 0, 0)


def test_a_failure_stays_outstanding_until_the_broker_gives_it_up(ledger: Ledger, now: datetime) -> None:
    ledger.expect([(CONFIRMED, "evt_1")])
    for attempt in range(1, 5):
        ledger.failed(WANTS_ALL.name, "evt_1")
        assert row(ledger, WANTS_ALL, now) == (1, 0, attempt, 0)
        assert ledger.failures(WANTS_ALL.name, "evt_1") == attempt

    ledger.failed(WANTS_ALL.name, "evt_1")

    assert row(ledger, WANTS_ALL, now) == (0, 0, 4, 1)
    assert ledger.with_dead_letters() == [WANTS_ALL]


def test_what_a_service_dead_letters_is_delivered_and_counted(ledger: Ledger, now: datetime) -> None:
    ledger.expect([(CONFIRMED, "evt_1")])

    assert ledger.with_dead_letters() == [WANTS_ALL], "the broker may have given it up while nobody answered"
    ledger.acknowledged(WANTS_ALL.name, "evt_1", dead=True)

    assert row(ledger, WANTS_ALL, now) == (0, 1, 0, 1)
    assert ledger.with_dead_letters() == [WANTS_ALL]


def test_the_age_is_that_of_the_oldest_that_is_open(ledger: Ledger, clock: Any) -> None:
    ledger.expect([(CONFIRMED, "evt_1")])
    clock.advance(seconds=2)
    ledger.expect([(CONFIRMED, "evt_3")])
    later = clock.advance(seconds=1)

    ages = [each["oldest_unacknowledged_s"] for each in ledger.report(later)]

    assert ages == [3.0, None]


def test_another_process_finds_the_same_and_old_entries_go(ledger: Ledger, clock: Any, tmp_path: Path) -> None:
    ledger.expect([(CONFIRMED, "evt_1"), (CONFIRMED, "evt_2")])
    ledger.acknowledged(WANTS_ALL.name, "evt_1")
    clock.advance(minutes=11)
    ledger.expect([(CONFIRMED, f"evt_new_{number}") for number in range(PURGE_AFTER)])

    other = Ledger(tmp_path / "deliveries.db", [WANTS_ALL, WANTS_HELD], clock)

    assert other.backlog() == PURGE_AFTER + 1, "what is open stays, however old"
    assert other.expect([(CONFIRMED, "evt_1")]) == [(WANTS_ALL.name, "evt_1")]
    other.close()


def test_a_publish_wakes_who_waits_with_its_types(publisher: EmulatedPublisher, tmp_path: Path) -> None:
    waiting = Wakeups(tmp_path / "wake", "scheduler")

    publisher.publish([CONFIRMED, RAW])

    assert waiting.wait(1) == {"order.confirmed"}
    waiting.close()
