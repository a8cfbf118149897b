"""The emulator's pushes: admitted by their key alone, filtered and counted here, passed on as the broker's."""

import base64
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from shared.calls.transport import Reply, in_process
from shared.hosts.local.admin import Admin
from shared.hosts.local.front import Front
from shared.hosts.local.precedence import Precedence
from shared.hosts.local.publishing import PublishDoor
from shared.hosts.local.pushes import Pushes, push_key
from shared.messaging.emulated.connect import connect_ledger
from shared.messaging.publisher import Message
from tests.in_process import InProcess

SAMPLES = Path(__file__).parents[4] / "shared" / "events" / "samples"
SUBSCRIPTION = "accounting.post_stock_movement.inventory-events"
PATH = "/accounting/events/post_stock_movement"


class House:
    """The front door of an estate in this process, as Pub/Sub's emulator knocks at it."""

    def __init__(self, estate: InProcess) -> None:
        self.estate, self.ledger = estate, connect_ledger(estate.settings)
        self.given_up: list[Message] = []
        pushes = Pushes(estate.estate, self.ledger, Precedence(), self.give_up)
        admin = Admin(estate.estate, estate.broker, lambda: {"status": "ready"})
        self.front = Front(estate.estate, admin, PublishDoor(estate.broker, estate.settings), Precedence(), pushes)
        self.key = push_key(estate.settings)

    def push(self, body: Any, query: dict[str, str] | None = None, path: str = PATH, **headers: str) -> Reply:
        given = {"key": self.key} if query is None else query
        return in_process(self.front, "POST", path, given, json.dumps(body).encode(), headers, 60)

    def give_up(self, letters: Sequence[Message]) -> list[str]:
        self.given_up += letters
        return ["1"] * len(letters)

    def counted(self, subscription: str = SUBSCRIPTION) -> tuple[int, int, int, int]:
        [found] = [each for each in self.ledger.report(self.estate.clock()) if each["name"] == subscription]
        return found["backlog"], found["delivered"], found["retried"], found["dead_lettered"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    estate = InProcess(tmp_path)
    opened = House(estate)
    yield opened
    opened.ledger.close()
    estate.close()


def pushed(event_type: str, subscription: str = SUBSCRIPTION, **changes: Any) -> dict[str, Any]:
    """A push body of the emulator's: it has neither ordering key nor attempt."""
    event = json.loads((SAMPLES / f"{event_type}.json").read_text()) | changes
    attributes = {f"ce-{name}": event[name] for name in ("id", "type", "source", "time", "subject")}
    data = base64.b64encode(json.dumps(event).encode()).decode()
    message = {"data": data, "attributes": attributes, "messageId": "1", "publishTime": "2026-11-20T11:00:00Z"}
    return {"message": message, "subscription": f"projects/local-1/subscriptions/{subscription}"}


def effect(reply: Reply) -> tuple[int, str]:
    return reply.status, dict(reply.headers).get("X-Effect", "")


def test_the_key_lets_a_push_in_and_it_is_acknowledged_with_204(house: House) -> None:
    body = pushed("inventory.received")

    assert [effect(house.push(body)) for _ in range(2)] == [(204, "applied"), (204, "suppressed")]
    assert house.counted() == (0, 2, 0, 0)


@pytest.mark.parametrize("query", [{}, {"key": ""}, {"key": "guessed"}, {"other": "x"}])
def test_without_the_key_nobody_pushes(house: House, query: dict[str, str]) -> None:
    reply = house.push(pushed("inventory.received"), query)

    assert reply.status == 401
    assert house.counted() == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "path", ["/accounting/schedules/purge_expired", "/accounting/outstanding", "/-/dead-letters/replay"]
)
def test_the_key_opens_no_other_door(house: House, path: str) -> None:
    assert house.push({}, path=path).status in (401, 404)


def test_the_key_does_not_stand_in_for_a_caller_with_a_bad_token(house: House) -> None:
    assert house.push(pushed("inventory.received"), Authorization="Bearer nonsense").status == 401


def test_each_estate_has_a_key_of_its_own_that_only_its_owner_reads(house: House, tmp_path: Path) -> None:
    file = tmp_path / "identity" / "push.key"

    assert (push_key(house.estate.settings), file.stat().st_mode & 0o777) == (house.key, 0o600)
    assert len(house.key) >= 43


@pytest.mark.parametrize("subscription", [SUBSCRIPTION, "accounting.gone.inventory-events"])
def test_what_a_filter_would_keep_back_is_acknowledged_unseen(house: House, subscription: str) -> None:
    asked = len(house.estate.requests)

    assert effect(house.push(pushed("order.held", subscription))) == (204, "unwanted")
    assert (house.counted(), len(house.estate.requests)) == ((0, 0, 0, 0), asked)


def test_what_no_retry_can_help_is_acknowledged_and_counted_as_dead(house: House) -> None:
    assert effect(house.push(pushed("inventory.received", data={}))) == (204, "dead-lettered")
    assert house.counted() == (0, 1, 0, 1)


def test_a_failure_is_not_acknowledged_and_stays_outstanding(house: House) -> None:
    def crash() -> None:
        raise ConnectionError

    house.estate.before["accounting", "POST /events/post_stock_movement"] = crash

    assert house.push(pushed("inventory.received")).status == 503
    assert house.counted() == (1, 0, 1, 0)


def test_a_defect_is_given_up_at_the_fifth_attempt_though_the_emulator_counts_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("shared.http.events.apply_event", defect)
    body = pushed("inventory.received")

    found = [effect(house.push(body)) for _ in range(5)]

    assert found == [(500, "")] * 4 + [(204, "dead-lettered")]
    assert house.counted() == (0, 1, 4, 1)


def test_what_is_no_push_body_is_refused(house: House) -> None:
    assert house.push({"subscription": "x"}).status == 400


def test_after_the_last_attempt_that_failed_here_it_is_a_dead_letter_and_acknowledged(house: House) -> None:
    body = pushed("inventory.received")
    house.estate.estate.services["accounting"] = unwell  # type: ignore[index]

    refused = [effect(house.push(body)) for _ in range(99)]
    assert (set(refused), house.given_up) == ({(503, "")}, [])
    assert effect(house.push(body)) == (204, "dead-lettered")

    [letter] = house.given_up
    assert letter.topic == f"{SUBSCRIPTION}.dead-letter"
    assert letter.data == base64.b64decode(body["message"]["data"])
    assert letter.attributes["error-code"] == "max_attempts"
    assert letter.attributes["error-detail"].startswith("503")
    assert house.counted() == (0, 0, 99, 1)


def unwell(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [("Content-Type", "application/json")])
    return [b"{}"]
