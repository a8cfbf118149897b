"""The body that is pushed, and when a failed push is tried again."""

from datetime import UTC, datetime, timedelta

from shared.manifest import Retry, Subscription
from shared.messaging.embedded.delivery import Delivery, backoff, micros, moment, push_body

ROW = Subscription(
    name="accounting.draft_invoice.order-events",
    topic="order-events",
    service="accounting",
    function="draft_invoice",
    types=None,
)
AT = micros(datetime(2026, 11, 20, 8, 0, 1, 250_999, tzinfo=UTC))


def delivery(
    data: bytes = b'{"a":1}', attributes: str = '{"ce-type":"order.confirmed"}', key: str = "ord_1"
) -> Delivery:
    return Delivery(ROW, 7, 1795161601250999, 2, AT, data, attributes, key, AT)


def test_a_push_body_is_pub_subs() -> None:
    assert push_body(delivery()) == (
        b'{"message":{"attributes":{"ce-type":"order.confirmed"},"data":"eyJhIjoxfQ==",'
        b'"messageId":"1795161601250999","message_id":"1795161601250999","orderingKey":"ord_1",'
        b'"publishTime":"2026-11-20T08:00:01.250Z","publish_time":"2026-11-20T08:00:01.250Z"},'
        b'"subscription":"projects/local/subscriptions/accounting.draft_invoice.order-events","deliveryAttempt":2}'
    )


def test_what_is_empty_is_left_out_of_a_push_body() -> None:
    assert push_body(delivery(data=b"", attributes="{}", key="")) == (
        b'{"message":{"messageId":"1795161601250999","message_id":"1795161601250999",'
        b'"publishTime":"2026-11-20T08:00:01.250Z","publish_time":"2026-11-20T08:00:01.250Z"},'
        b'"subscription":"projects/local/subscriptions/accounting.draft_invoice.order-events","deliveryAttempt":2}'
    )


def test_an_ordering_key_is_escaped() -> None:
    assert b'"orderingKey":"a\\"b"' in push_body(delivery(key='a"b'))


def test_the_wait_doubles_up_to_its_cap() -> None:
    retry = Retry(min_backoff_s=0.5, max_backoff_s=3)
    assert [backoff(retry, n, 0) for n in (1, 2, 3, 4, 100)] == [timedelta(seconds=each) for each in (0.5, 1, 2, 3, 3)]


def test_jitter_shortens_the_wait_by_up_to_a_fifth() -> None:
    assert backoff(Retry(min_backoff_s=1), 1, 1) == timedelta(seconds=0.8)


def test_times_survive_the_file_to_the_microsecond() -> None:
    at = datetime(2026, 11, 20, 8, 0, 1, 250_999, tzinfo=UTC)
    assert moment(micros(at)) == at
