"""The door of pushed messages: 204 acknowledges, anything else is delivered again (PROMISES 8)."""

import base64
import json
from typing import Any

import pytest

from shared.errors import BadRequest
from shared.events.order import OrderCancelled, OrderRejected
from shared.http.events import DEFECT_ATTEMPTS
from shared.http.push import read_push
from shared.http.records import HandledRecord
from shared.http.service import Service
from shared.storage.durability import scope
from tests.shared.http.bakery import CALLED, SECRET, Heard, SpyingPublisher
from tests.shared.http.estate import Answered, Client

DEAD_LETTERS = "bakery.hear_cancellation.order-events.dead-letter"


@pytest.fixture(autouse=True)
def nobody_called() -> None:
    CALLED.clear()


def cancelled(reason: str = "well", order_id: str = "ord_1") -> OrderCancelled:
    return OrderCancelled(order_id=order_id, by="operator", reason=reason)


def times(service: Service, order_id: str = "ord_1") -> int:
    found = service.database.get(Heard, order_id)
    return found.times if found else 0


def effect(answered: Answered) -> tuple[int, str]:
    return answered.status, answered.headers["X-Effect"]


def dead_letter(publisher: SpyingPublisher) -> tuple[str, str]:
    """The code and detail of the only message that was published."""
    [message] = publisher.messages
    assert message.topic == DEAD_LETTERS
    assert message.attributes["subscription"] == "bakery.hear_cancellation.order-events"
    return message.attributes["error-code"], message.attributes["error-detail"]


def test_an_event_is_applied_once(client: Client, service: Service) -> None:
    assert effect(client.push("hear_cancellation", cancelled())) == (204, "applied")
    assert effect(client.push("hear_cancellation", cancelled(), attempt=2)) == (204, "suppressed")
    assert times(service) == 1


@pytest.mark.parametrize("batch", [True, False])
def test_of_two_attempts_side_by_side_that_both_call_outside_the_one_that_records_it_last_was_suppressed(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch, batch: bool
) -> None:
    other: list[tuple[int, str]] = []

    class Interrupted(list[str]):
        """While the first attempt is calling, a second one begins and ends."""

        def append(self, order_id: str) -> None:
            super().append(order_id)
            if len(self) == 1:
                other.append(effect(client.push("call_customer", cancelled(), attempt=2)))

    monkeypatch.setattr("tests.shared.http.bakery.CALLED", Interrupted())
    with scope(service.publish, gathers=batch, is_batch=batch):
        first = effect(client.push("call_customer", cancelled()))

    assert other == [(204, "applied")]
    assert first == (204, "applied" if batch else "suppressed")  # in a batch that shows when it is committed
    assert service.database.aggregate(HandledRecord).count == 1


def test_each_function_hears_an_event_for_itself(client: Client, service: Service) -> None:
    assert effect(client.push("hear_cancellation", cancelled())) == (204, "applied")
    assert effect(client.push("call_customer", cancelled())) == (204, "applied")
    assert effect(client.push("call_customer", cancelled())) == (204, "suppressed")
    assert (times(service), CALLED) == (1, ["ord_1"])


def test_two_events_are_two(client: Client, service: Service) -> None:
    client.push("hear_cancellation", cancelled(), event_id="evt-1")
    client.push("hear_cancellation", cancelled(), event_id="evt-2")

    assert times(service) == 2


def test_a_function_may_hear_several_types(client: Client, service: Service) -> None:
    rejected = OrderRejected(order_id="ord_2", by="fraud", reason="well")

    assert effect(client.push("hear_cancellation", rejected)) == (204, "applied")
    assert times(service, "ord_2") == 1


def test_a_type_that_the_row_does_not_want_is_acknowledged_without_effect(
    client: Client, service: Service, publisher: SpyingPublisher
) -> None:
    rejected = OrderRejected(order_id="ord_1", by="fraud", reason="well")

    assert effect(client.push("call_customer", rejected)) == (204, "unwanted")
    assert CALLED == []
    assert publisher.messages == []


def test_a_message_without_type_is_acknowledged_without_effect(
    client: Client, service: Service, publisher: SpyingPublisher
) -> None:
    assert effect(client.push("hear_cancellation", data=b"a telegram", attributes={})) == (204, "unwanted")
    assert publisher.messages == []


def test_a_raw_function_takes_messages_without_type_and_no_events(client: Client, service: Service) -> None:
    telegram = b'{"text": "ord_9"}'

    assert effect(client.push("take_telegram", data=telegram, attributes={}, message_id="m-1")) == (204, "applied")
    assert effect(client.push("take_telegram", data=telegram, attributes={}, message_id="m-1")) == (204, "suppressed")
    assert effect(client.push("take_telegram", cancelled())) == (204, "unwanted")
    assert times(service, "ord_9") == 1


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"no json", "not a CloudEvent: The body is not JSON: expected ident at line 1 column 2"),
        (b"[]", "not a CloudEvent: body: Input should be an object"),
        (b'{"id": "evt-1"}', "not a CloudEvent: type: is required; source: is required"),
    ],
)
def test_a_malformed_envelope_is_dead_lettered_with_its_reason(
    client: Client, service: Service, publisher: SpyingPublisher, data: bytes, detail: str
) -> None:
    assert effect(client.push("hear_cancellation", cancelled(), data=data)) == (204, "dead-lettered")

    code, said = dead_letter(publisher)
    assert code == "undeliverable"
    assert said.startswith(detail)
    assert publisher.messages[0].data == data
    assert publisher.messages[0].attributes["ce-id"] == "evt-1"
    assert times(service) == 0


def test_an_envelope_of_another_type_than_its_attribute_is_dead_lettered(
    client: Client, publisher: SpyingPublisher
) -> None:
    attributes = {"ce-type": "order.rejected"}

    assert effect(client.push("hear_cancellation", cancelled(), attributes=attributes)) == (204, "dead-lettered")
    assert dead_letter(publisher) == ("undeliverable", "the event's type and its ce-type attribute differ")


def test_invalid_data_is_dead_lettered_naming_the_field(
    client: Client, service: Service, publisher: SpyingPublisher
) -> None:
    wrong = OrderCancelled.model_construct(order_id=SECRET, by="operator", reason="well")

    assert effect(client.push("hear_cancellation", wrong)) == (204, "dead-lettered")
    code, detail = dead_letter(publisher)
    assert code == "invalid"
    assert detail.startswith("data.order_id: String should match pattern")
    assert SECRET not in detail


def test_a_new_optional_field_is_no_reason_to_refuse(client: Client) -> None:
    class Later(OrderCancelled):
        channel: str

    later = Later(order_id="ord_1", by="operator", reason="well", channel="telephone")

    assert effect(client.push("hear_cancellation", later)) == (204, "applied")


@pytest.mark.parametrize(
    ("mood", "status", "code"), [("unavailable", 503, "unavailable"), ("wait", 409, "in_progress")]
)
def test_what_a_retry_can_help_is_not_acknowledged(
    client: Client, service: Service, publisher: SpyingPublisher, mood: str, status: int, code: str
) -> None:
    for attempt in (1, 99):
        answered = client.push("hear_cancellation", cancelled(mood), attempt=attempt)
        assert (answered.status, answered.code) == (status, code)

    assert publisher.messages == []
    assert times(service) == 0
    assert service.database.aggregate(HandledRecord).count == 0


def test_a_defect_is_tried_five_times_and_then_dead_lettered(
    client: Client, service: Service, publisher: SpyingPublisher
) -> None:
    for attempt in range(1, DEFECT_ATTEMPTS):
        answered = client.push("hear_cancellation", cancelled("defect"), attempt=attempt)
        assert (answered.status, answered.code) == (500, "internal")
        assert SECRET not in answered.body.decode()
    assert publisher.messages == []

    answered = client.push("hear_cancellation", cancelled("defect"), attempt=DEFECT_ATTEMPTS)

    assert effect(answered) == (204, "dead-lettered")
    code, detail = dead_letter(publisher)
    assert code == "internal"
    assert SECRET not in detail
    assert times(service) == 0


def test_a_refusal_is_dead_lettered_under_its_code(
    client: Client, service: Service, publisher: SpyingPublisher
) -> None:
    assert effect(client.push("hear_cancellation", cancelled("contradict"))) == (204, "dead-lettered")
    assert dead_letter(publisher) == ("illegal_transition", "ord_1 was delivered")
    assert times(service) == 0


def test_a_dead_letter_that_the_broker_does_not_take_is_not_acknowledged(
    client: Client, publisher: SpyingPublisher
) -> None:
    publisher.broken = True

    assert client.push("hear_cancellation", cancelled("contradict")).status == 500


def test_a_push_that_names_no_subscription_of_ours_gets_the_error_itself(
    client: Client, publisher: SpyingPublisher
) -> None:
    answered = client.push("hear_cancellation", cancelled("contradict"), subscription="", caller="operator")

    assert (answered.status, answered.code) == (409, "illegal_transition")
    assert publisher.messages == []


def test_a_function_that_forgets_its_receipt_is_not_acknowledged(
    client: Client, service: Service, publisher: SpyingPublisher
) -> None:
    for attempt in (1, 2):
        assert client.push("call_customer", cancelled("forget"), attempt=attempt).status == 500

    assert CALLED == ["ord_1", "ord_1"]
    assert service.database.aggregate(HandledRecord).count == 0
    assert publisher.messages == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"message": None},
        {"message": {"data": "no base64!"}},
        {"message": {"data": 7}},
        {"message": {"attributes": ["ce-type"]}},
        {"message": {}, "deliveryAttempt": "many"},
        b"no json",
    ],
)
def test_what_is_no_push_body_is_400(client: Client, body: Any) -> None:
    answered = client.send("POST", "/events/hear_cancellation", body, caller="push")

    assert (answered.status, answered.code) == (400, "bad_request")


@pytest.mark.parametrize(("told", "counted"), [("0", 0), ("7", 7), ("-3", 0), ("1" + "0" * 30, 1_000_000), ("null", 0)])
def test_an_attempt_that_is_made_up_is_no_defect(told: str, counted: int) -> None:
    body = f'{{"message": {{"data": "e30="}}, "subscription": "s", "deliveryAttempt": {told}}}'
    assert read_push(body.encode()).delivery_attempt == counted


def test_an_attempt_without_end_is_no_push_body() -> None:
    with pytest.raises(BadRequest):
        read_push(b'{"message": {"data": "e30="}, "deliveryAttempt": 1e400}')


def test_googles_own_push_body_is_understood(client: Client, service: Service) -> None:
    """As in https://cloud.google.com/pubsub/docs/push: both spellings, and no deliveryAttempt."""
    event = {
        "specversion": "1.0",
        "id": "evt-7",
        "type": "order.cancelled",
        "source": "/order_management",
        "subject": "ord_7",
        "time": "2026-11-20T08:00:00Z",
        "dataschema": OrderCancelled.dataschema(),
        "data": {"order_id": "ord_7", "by": "operator", "reason": "well"},
    }
    message = {
        "attributes": {"ce-type": "order.cancelled"},
        "data": base64.b64encode(json.dumps(event).encode()).decode(),
        "messageId": "2070443601311540",
        "message_id": "2070443601311540",
        "publishTime": "2026-11-20T08:00:00.1Z",
        "publish_time": "2026-11-20T08:00:00.1Z",
    }
    body = {"message": message, "subscription": "projects/p/subscriptions/bakery.hear_cancellation.order-events"}

    assert effect(client.send("POST", "/events/hear_cancellation", body, caller="push")) == (204, "applied")
    assert times(service, "ord_7") == 1
