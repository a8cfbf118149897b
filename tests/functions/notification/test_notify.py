"""What customers are told of each event, once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from functions.notification.channels import Channels
from functions.notification.list_messages import list_messages
from functions.notification.mailbox import Mail, Mailbox
from functions.notification.mailer import Mailer
from functions.notification.message_answer import MessageAnswer
from functions.notification.notify_order import notify_order
from functions.notification.notify_shipment import notify_shipment
from functions.notification.outstanding import outstanding
from functions.notification.push_service import PushService
from functions.notification.report_control_totals import report_control_totals
from functions.notification.send_pending import send_pending
from functions.notification.texter import Texter
from shared.errors import Unavailable
from shared.events import Envelope, Event
from shared.events.order import OrderHeld, OrderRejected
from shared.events.priced_order import FraudInputs
from shared.storage import Database
from tests.functions.accounting import one_order as o
from tests.receipts import Recorded
from tests.scripted_calls import ScriptedCalls

Emitted = Callable[[Database], list[Envelope]]
ID = "evt_1.email@online-boutique.example"


class DeadMailer(Mailer):
    """Never takes an e-mail."""

    def send(self, mail: EmailMessage) -> None:
        raise Unavailable("the mail server is gone")


def held() -> OrderHeld:
    inputs = FraudInputs(
        order_id=o.ORDER,
        customer_id="cus_ada",
        email="ada@example.com",
        customer_since=o.START,
        total=o.usd("607.52"),
        skus=("MUG-1",),
        shipping_address=o.HOME,
        billing_address=o.OFFICE,
        card_fingerprint="fp_1",
        placed_at=o.START,
    )
    return OrderHeld(
        order_id=o.ORDER,
        order=o.PRICED,
        fraud_inputs=inputs,
        authorization_expires_at=o.START + timedelta(days=7),
    )


def rejected() -> OrderRejected:
    return OrderRejected(order_id=o.ORDER, by="ada", reason="stolen card")


def by(mailer: Mailer) -> Channels:
    return Channels(lambda: mailer, Texter, PushService)  # type: ignore[type-abstract]


def notify(db: Database, mailer: Mailer, event: Event, event_id: str, now: datetime) -> Recorded:
    receipt, call = Recorded(), ScriptedCalls({})
    function = notify_shipment if event.type.startswith("shipment") else notify_order
    try:
        function(event, o.told(event, event_id), db, by(mailer), call, receipt, now)  # type: ignore[operator]
    except Unavailable:
        assert not receipt.recorded
    return receipt


def told(db: Database) -> list[MessageAnswer]:
    return list_messages(o.ORDER, db).items


def test_a_confirmed_order_is_confirmed_by_email(
    db: Database, mailbox: Mailbox, mails: Database, now: datetime, emitted: Emitted
) -> None:
    receipt = notify(db, mailbox, o.confirmed(), "evt_1", now)

    (message,) = told(db)
    assert receipt.recorded
    assert message.model_dump(exclude={"body"}, exclude_none=True) == {
        "message_id": ID,
        "order_id": o.ORDER,
        "channel": "email",
        "template": "order.confirmed",
        "language": "en",
        "to": "ada@example.com",
        "subject": "Your order ord_01JD0000000000000000000001 is confirmed",
        "status": "sent",
        "sent_at": now,
    }
    assert message.body == (
        "Dear Ada,\n"
        "\n"
        "thank you for your order. We will tell you when it leaves; your card is charged then.\n"
        "\n"
        "Order ord_01JD0000000000000000000001\n"
        "\n"
        "   2 x Mug at $8.99\n"
        "   1 x Sofa at $499.00\n"
        "\n"
        "Goods      $516.98\n"
        "Discount  -$15.51\n"
        "Shipping   $64.99\n"
        "Tax        $41.06\n"
        "Total      $607.52\n"
        "\n"
        "It goes to\n"
        "1 Example Street\n"
        "94043 Mountain View, US\n"
        "\n"
        "Online Boutique\n"
    )
    (kept,) = mails.query(Mail).items
    assert (kept.message_id, kept.to, kept.subject) == (ID, "ada@example.com", message.subject)
    assert f"Message-ID: <{ID}>" in kept.source
    (sent,) = emitted(db)
    assert (sent.type, sent.time, sent.data) == (
        "notification.sent",
        now,
        {"order_id": o.ORDER, "message_id": ID, "channel": "email", "template": "order.confirmed"},
    )


def test_a_held_order_is_being_checked_and_nobody_says_fraud(db: Database, mailbox: Mailbox, now: datetime) -> None:
    notify(db, mailbox, held(), "evt_1", now)

    (message,) = told(db)
    assert message.subject == "We are checking your order ord_01JD0000000000000000000001"
    assert "nothing is charged meanwhile" in message.body
    assert not {"fraud", "risk", "suspicious", "confirmed"} & set(message.body.lower().split())


def test_an_approved_order_is_confirmed(db: Database, mailbox: Mailbox, now: datetime) -> None:
    notify(db, mailbox, held(), "evt_1", now)
    notify(db, mailbox, o.approved(), "evt_2", now + timedelta(hours=1))

    assert [message.subject for message in told(db)] == [
        "We are checking your order ord_01JD0000000000000000000001",
        "Your order ord_01JD0000000000000000000001 is confirmed",
    ]


def test_a_rejected_order_is_refused_without_the_reason(db: Database, mailbox: Mailbox, now: datetime) -> None:
    notify(db, mailbox, held(), "evt_1", now)
    notify(db, mailbox, rejected(), "evt_2", now + timedelta(hours=1))

    message = told(db)[1]
    assert (message.template, message.to) == ("order.rejected", "ada@example.com")
    assert message.subject == "We cannot accept your order ord_01JD0000000000000000000001"
    assert "stolen" not in message.body
    assert message.body.startswith("Dear Ada,\n")


def test_a_rejection_that_comes_first_waits_for_the_contact(
    db: Database, mailbox: Mailbox, now: datetime, emitted: Emitted
) -> None:
    early = notify(db, mailbox, rejected(), "evt_2", now)
    again = notify(db, mailbox, rejected(), "evt_2", now)

    assert early.recorded
    assert again.recorded
    assert told(db) == []

    notify(db, mailbox, held(), "evt_1", now)
    assert sorted(message.template for message in told(db)) == ["order.held", "order.rejected"]
    assert [event.type for event in emitted(db)] == ["notification.sent", "notification.sent"]

    notify(db, mailbox, rejected(), "evt_2", now)
    notify(db, mailbox, held(), "evt_1", now)
    assert len(told(db)) == len(emitted(db)) == 2


def test_a_dispatched_shipment_is_told_with_its_tracking_number(db: Database, mailbox: Mailbox, now: datetime) -> None:
    notify(db, mailbox, o.dispatched(o.PARCEL), "evt_1", now)

    (message,) = told(db)
    assert message.subject == "Your order ord_01JD0000000000000000000001 is on its way"
    assert "this left today with parcelco, tracking number T1:\n\n   2 x Mug\n" in message.body
    assert "For this we charge $24.05 to your card." in message.body


def test_an_event_that_comes_twice_is_told_once(
    db: Database, mailbox: Mailbox, mails: Database, now: datetime, emitted: Emitted
) -> None:
    for _ in range(2):
        assert notify(db, mailbox, o.confirmed(), "evt_1", now).recorded

    assert [mail.handed_over for mail in mails.query(Mail).items] == [1]
    assert len(emitted(db)) == 1


def test_a_message_whose_mailer_fails_is_sent_when_the_event_comes_again(
    db: Database, mailbox: Mailbox, now: datetime, emitted: Emitted
) -> None:
    failed = notify(db, DeadMailer(), o.confirmed(), "evt_1", now)

    assert not failed.recorded
    assert [message.status for message in told(db)] == ["pending"]
    assert outstanding(db) == {"pending_messages": 1}
    assert emitted(db) == []

    assert notify(db, mailbox, o.confirmed(), "evt_1", now).recorded
    assert [message.status for message in told(db)] == ["sent"]
    assert outstanding(db) == {"pending_messages": 0}


def test_the_sweep_sends_what_was_left_and_spares_what_is_on_its_way(
    db: Database, mailbox: Mailbox, mails: Database, now: datetime, emitted: Emitted
) -> None:
    notify(db, DeadMailer(), o.confirmed(), "evt_1", now)
    send_pending(db, by(mailbox), now + timedelta(seconds=10))
    assert mails.query(Mail).items == []

    later = now + timedelta(seconds=31)
    send_pending(db, by(mailbox), later)
    send_pending(db, by(mailbox), later)
    assert [mail.message_id for mail in mails.query(Mail).items] == [ID]
    assert [(message.status, message.sent_at) for message in told(db)] == [("sent", later)]

    assert notify(db, mailbox, o.confirmed(), "evt_1", later).recorded
    assert len(emitted(db)) == 1


def test_a_crash_before_the_result_sends_again_under_the_same_message_id(
    db: Database, mailbox: Mailbox, mails: Database, now: datetime, emitted: Emitted
) -> None:
    class DiesAfterwards(DeadMailer):
        def send(self, mail: EmailMessage) -> None:
            mailbox.send(mail)
            raise Unavailable("killed")

    notify(db, DiesAfterwards(), o.confirmed(), "evt_1", now)
    notify(db, mailbox, o.confirmed(), "evt_1", now)

    assert [(mail.message_id, mail.handed_over) for mail in mails.query(Mail).items] == [(ID, 2)]
    assert len(emitted(db)) == 1


def test_control_totals_count_what_was_sent_by_then(db: Database, mailbox: Mailbox, now: datetime) -> None:
    notify(db, mailbox, held(), "evt_1", now)
    notify(db, mailbox, o.approved(), "evt_2", now + timedelta(hours=1))
    notify(db, DeadMailer(), o.dispatched(), "evt_3", now)

    assert report_control_totals(db, now + timedelta(hours=1), now).totals == {"sent.count": 1, "failed.count": 0}
    assert report_control_totals(db, now + timedelta(hours=1)).totals == {"sent.count": 2, "failed.count": 0}


def test_an_unknown_order_was_told_nothing(db: Database) -> None:
    assert list_messages("ord_unknown", db).items == []


def test_a_template_that_misses_a_fact_fails_instead_of_leaving_it_out() -> None:
    from jinja2 import UndefinedError

    from functions.notification.rendering import render

    with pytest.raises(UndefinedError):
        render("order.rejected", {"order_id": o.ORDER})
