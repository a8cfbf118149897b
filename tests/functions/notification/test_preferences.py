"""In which language, by which channels, and about what customers are told; and that nobody is told twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from functions.notification.channels import Channels
from functions.notification.follow_preferences import follow_preferences
from functions.notification.list_inbox import list_inbox
from functions.notification.mailbox import Mail
from functions.notification.mailer import Mailer, Refused
from functions.notification.messages import Message
from functions.notification.notify_order import notify_order
from functions.notification.notify_shipment import notify_shipment
from functions.notification.pocket import PocketMessage
from functions.notification.read_message import ReadMessage, read_message
from functions.notification.record_delivery import RecordDelivery, record_delivery
from functions.notification.report_control_totals import report_control_totals
from shared.errors import CallFailed, IllegalTransition, NotFound
from shared.events import Envelope, Event
from shared.events.customer import CustomerPreferencesChanged
from shared.events.order import OrderCancelled, OrderReduced, OrderReturnRefunded
from shared.events.priced_order import PricedOrder
from shared.storage import Database
from tests.functions.accounting import one_order as o
from tests.receipts import Recorded
from tests.scripted_calls import ScriptedCalls

REACH = {("GET", "/crm/customers/cus_ada/contact"): {"phone": "+31201234567", "device_tokens": ["phone", "tablet"]}}
TO_GERMANY = o.PRICED.model_copy(update={"shipping_address": o.HOME.model_copy(update={"country": "DE"})})


def wish(db: Database, now: datetime, *channels: str, language: str = "en", minutes: int = 0) -> None:
    event = CustomerPreferencesChanged(customer_id="cus_ada", language=language, channels=channels, marketing=False)
    db.transact(lambda tx: follow_preferences(event, o.told(event, f"evt_w{minutes}", minutes), tx))


def tell(
    db: Database,
    channels: Channels,
    event: Event,
    now: datetime,
    event_id: str = "evt_1",
    script: Any = REACH,
) -> ScriptedCalls:
    call = ScriptedCalls(script)
    function: Any = notify_shipment if event.type.startswith("shipment") else notify_order
    function(event, o.told(event, event_id), db, channels, call, Recorded(), now)
    return call


def confirmed(order: PricedOrder) -> Event:
    return o.confirmed().model_copy(update={"order": order})


def messages(db: Database) -> list[Message]:
    return sorted(db.query(Message, order_id=o.ORDER, order_by="created_at").items, key=lambda each: each.message_id)


def test_whoever_said_nothing_is_told_by_email_in_english_and_crm_is_not_asked(
    db: Database, channels: Channels, now: datetime
) -> None:
    call = tell(db, channels, o.confirmed(), now)

    assert [(each.channel, each.language) for each in messages(db)] == [("email", "en")]
    assert call.made == []


@pytest.mark.parametrize(
    ("country", "language", "subject"),
    [
        ("DE", None, f"Ihre Bestellung {o.ORDER} ist bestätigt"),
        ("AT", None, f"Ihre Bestellung {o.ORDER} ist bestätigt"),
        ("NL", None, f"Your order {o.ORDER} is confirmed"),
        ("DE", "en-GB", f"Your order {o.ORDER} is confirmed"),
        ("US", "de-AT", f"Ihre Bestellung {o.ORDER} ist bestätigt"),
        ("DE", "nl", f"Your order {o.ORDER} is confirmed"),
    ],
)
def test_the_language_is_the_wished_one_else_the_countrys(
    db: Database, channels: Channels, now: datetime, country: str, language: str | None, subject: str
) -> None:
    if language:
        wish(db, now, "email", language=language)
    address = o.HOME.model_copy(update={"country": country})

    tell(db, channels, confirmed(o.PRICED.model_copy(update={"shipping_address": address})), now)

    assert [each.subject for each in messages(db)] == [subject]


def test_amounts_are_written_as_the_language_does(db: Database, channels: Channels, now: datetime) -> None:
    tell(db, channels, confirmed(TO_GERMANY), now)

    [message] = messages(db)
    assert "   2 x Mug zu 8,99 $\n" in message.body
    assert "Summe      607,52 $\n" in message.body


def test_each_wished_channel_and_each_device_is_told_once(
    db: Database, channels: Channels, mails: Database, now: datetime
) -> None:
    wish(db, now, "email", "sms", "push", "in_app")

    for _ in range(2):
        tell(db, channels, o.dispatched(o.PARCEL), now)

    assert [(each.channel, each.to, each.status) for each in messages(db)] == [
        ("email", "ada@example.com", "sent"),
        ("in_app", "cus_ada", "sent"),
        ("push", "tablet", "sent"),
        ("push", "phone", "sent"),
        ("sms", "+31201234567", "sent"),
    ]
    kept = mails.query(PocketMessage).items
    assert sorted((each.kind, each.to, each.handed_over) for each in kept) == [
        ("push", "phone", 1),
        ("push", "tablet", 1),
        ("sms", "+31201234567", 1),
    ]
    assert next(each.text for each in kept if each.kind == "sms") == f"Your order {o.ORDER} is on its way"
    assert [mail.handed_over for mail in mails.query(Mail).items] == [1]


def test_whoever_wants_texts_and_has_no_number_is_told_by_email(
    db: Database, channels: Channels, now: datetime
) -> None:
    wish(db, now, "sms")

    tell(db, channels, o.confirmed(), now, script={("GET", "/crm/customers/cus_ada/contact"): {}})

    assert [each.channel for each in messages(db)] == ["email"]


def test_while_crm_is_away_nothing_is_told_and_the_event_comes_again(
    db: Database, channels: Channels, now: datetime
) -> None:
    wish(db, now, "sms")
    away = {("GET", "/crm/customers/cus_ada/contact"): CallFailed("away")}

    with pytest.raises(CallFailed):
        tell(db, channels, o.confirmed(), now, script=away)

    assert messages(db) == []


@pytest.mark.parametrize("order", list(permutations(((10, "de"), (20, "en"), (30, "de")))))
def test_of_several_wishes_the_latest_counts_in_any_order_of_arrival(
    db: Database, channels: Channels, now: datetime, order: tuple[tuple[int, str], ...]
) -> None:
    for minutes, language in order:
        wish(db, now, "email", language=language, minutes=minutes)

    tell(db, channels, o.confirmed(), now)

    assert [each.language for each in messages(db)] == ["de"]


def reduced() -> OrderReduced:
    line = {
        "shipment_id": o.PARCEL,
        "location": "reno-us",
        "fulfilment": "parcel",
        "sku": "MUG-1",
        "name": "Mug",
        "quantity": 1,
        "net": o.usd("8.72"),
        "tax": o.usd("0.63"),
        "tax_rate": "0.0725",
    }
    nothing = o.usd("0.00")
    return OrderReduced.model_validate(
        {
            "order_id": o.ORDER,
            "reduction_id": "red_1",
            "by": "ada",
            "reason": "one is enough",
            "lines": [line],
            "shipping_net": nothing,
            "shipping_tax": nothing,
            "total": o.usd("9.35"),
        }
    )


def test_what_will_not_be_sent_is_told_with_its_amount_also_before_the_order_is_known(
    db: Database, channels: Channels, now: datetime
) -> None:
    tell(db, channels, reduced(), now, "evt_2")
    assert messages(db) == []

    tell(db, channels, confirmed(TO_GERMANY), now, "evt_1")

    confirmation, change = messages(db)
    assert (confirmation.template, change.template) == ("order.confirmed", "order.reduced")
    assert "   1 x Mug\n" in change.body
    assert "Das sind 9,35 $ weniger." in change.body


def test_a_cancellation_is_told_once_known(db: Database, channels: Channels, now: datetime) -> None:
    tell(db, channels, o.confirmed(), now, "evt_1")
    cancelled = OrderCancelled(order_id=o.ORDER, by="ada", reason="found it cheaper")

    for _ in range(2):
        tell(db, channels, cancelled, now, "evt_2")

    told = messages(db)[1]
    assert told.subject == f"Your order {o.ORDER} is cancelled"
    assert "cheaper" not in told.body


def test_a_refund_is_told_in_the_currency_that_was_charged(db: Database, channels: Channels, now: datetime) -> None:
    tell(db, channels, o.confirmed(), now, "evt_1")
    nothing = o.usd("0.00")
    refunded = OrderReturnRefunded(
        order_id=o.ORDER,
        return_id="ret_1",
        customer_id="cus_ada",
        email="ada@example.com",
        first_name="Ada",
        goods_net=o.usd("8.72"),
        goods_tax=o.usd("0.63"),
        shipping_net=nothing,
        shipping_tax=nothing,
        total=o.usd("9.35"),
    )

    tell(db, channels, refunded, now, "evt_2")

    assert "We refunded $9.35 to your card" in messages(db)[1].body


class Refusing(Mailer):
    """Knows nobody."""

    def send(self, mail: object) -> None:
        raise Refused("550")


def test_a_message_that_is_refused_has_failed_and_is_not_tried_again(
    db: Database, channels: Channels, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    refusing = Channels(Refusing, lambda: channels.texter, lambda: channels.push_service)

    for _ in range(2):
        tell(db, refusing, o.confirmed(), now)

    [message] = messages(db)
    assert (message.status, message.code, message.failed_at) == ("failed", "550", now)
    assert [event.type for event in emitted(db)] == ["notification.failed"]
    assert report_control_totals(db, now).totals == {"sent.count": 0, "failed.count": 1}


def test_a_bounce_is_kept_beside_what_was_sent(
    db: Database, channels: Channels, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    tell(db, channels, o.confirmed(), now)
    [message] = messages(db)
    later = now + timedelta(hours=1)

    for _ in range(2):
        bounce = RecordDelivery(status="bounced", code="5.1.1")
        db.transact(lambda tx, bounce=bounce: record_delivery(message.message_id, bounce, tx, later))
    db.transact(lambda tx: record_delivery(message.message_id, RecordDelivery(status="delivered"), tx, later))

    [message] = messages(db)
    assert (message.status, message.delivery, message.code, message.failed_at) == ("sent", "bounced", "5.1.1", later)
    assert [event.type for event in emitted(db)] == ["notification.sent", "notification.failed"]
    assert report_control_totals(db, later).totals == {"sent.count": 1, "failed.count": 1}


def test_a_message_that_never_left_was_delivered_to_nobody(db: Database, channels: Channels, now: datetime) -> None:
    refusing = Channels(Refusing, lambda: channels.texter, lambda: channels.push_service)
    tell(db, refusing, o.confirmed(), now)
    [message] = messages(db)

    with pytest.raises(IllegalTransition):
        db.transact(lambda tx: record_delivery(message.message_id, RecordDelivery(status="delivered"), tx, now))
    with pytest.raises(NotFound):
        db.transact(lambda tx: record_delivery("evt_0.email@x", RecordDelivery(status="delivered"), tx, now))


def test_the_inbox_shows_each_news_once_newest_first_and_remembers_what_was_read(
    db: Database, channels: Channels, now: datetime
) -> None:
    wish(db, now, "email", "in_app")
    tell(db, channels, o.confirmed(), now, "evt_1")
    later = now + timedelta(hours=1)
    tell(db, channels, o.dispatched(o.PARCEL), later, "evt_2")

    shown = list_inbox("cus_ada", db).items
    assert [each.template for each in shown] == ["shipment.dispatched", "order.confirmed"]
    for at in (later, later + timedelta(hours=1)):
        db.transact(lambda tx, at=at: read_message(shown[0].message_id, ReadMessage(), tx, at))

    assert [each.read_at for each in list_inbox("cus_ada", db).items] == [later, None]
    assert list_inbox("cus_nobody", db).items == []
