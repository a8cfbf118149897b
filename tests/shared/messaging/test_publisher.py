from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from shared.calls.http import HttpCalls
from shared.events.envelope import Envelope, Event, wrap
from shared.manifest import TopicRow, Topics
from shared.messaging.publisher import Message, attribute, messages_of
from shared.messaging.rest import RestPublisher
from shared.settings import Settings

TOPICS = Topics(
    topics={
        "parcel-events": TopicRow(about="Parcels.", aggregates=("parcel", "crate"), ordered=True),
        "order-events": TopicRow(about="Orders.", aggregates=("order",)),
    }
)


class ParcelMoved(Event):
    type: ClassVar[str] = "parcel.moved"
    subject_field: ClassVar[str] = "parcel_id"
    parcel_id: str


class OrderMoved(Event):
    type: ClassVar[str] = "order.moved"
    order_id: str


def wrapped(event: Event) -> Envelope:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return wrap(event, event_id="evt_1", source="/bakery", at=at, traceparent=None)


def test_an_attribute_holds_as_many_bytes_as_pub_sub_takes() -> None:
    assert attribute("short") == "short"
    assert attribute("x" * 2000) == "x" * 1024
    assert attribute("a" + "ä" * 1000) == "a" + "ä" * 511, "no character is cut in two"


def test_an_event_of_an_ordered_topic_has_its_subject_for_a_key_and_another_has_none() -> None:
    written = messages_of(TOPICS)([wrapped(ParcelMoved(parcel_id="p1")), wrapped(OrderMoved(order_id="ord_1"))])

    assert [(each.topic, each.ordering_key) for each in written] == [("parcel-events", "p1"), ("order-events", "")]


def test_over_http_the_key_goes_as_pub_sub_s_publish_body_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    def post(_: HttpCalls, service: str, path: str, body: dict[str, Any], answer: Any) -> Any:
        asked.append((path, body))
        return answer(messageIds=["7"] * len(body["messages"]))

    monkeypatch.setattr(HttpCalls, "post", post)
    publisher = RestPublisher("bakery", Settings(data=tmp_path))

    publisher.publish([Message("parcel-events", b"moved", {"a": "b"}, "p1"), Message("order-events", b"")])

    assert asked == [
        (
            "/projects/local/topics/parcel-events:publish",
            {"messages": [{"data": "bW92ZWQ=", "attributes": {"a": "b"}, "orderingKey": "p1"}]},
        ),
        ("/projects/local/topics/order-events:publish", {"messages": [{"data": "", "attributes": {}}]}),
    ]
