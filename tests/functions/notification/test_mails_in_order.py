"""What a customer reads about one order comes in the order in which it happened, also when mail fails for a while."""

import json
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from functions.notification.mailbox import Mailbox
from shared.errors import Unavailable
from shared.messaging.embedded.delivery import PushResult
from tests.in_process import InProcess, basket

NOTIFY = "notification.notify_order.order-events"


class Watched(InProcess):
    """Also keeps each push: its subscription, the event's type, the ordering key of the message."""

    def __init__(self, data: Path) -> None:
        self.pushed: list[tuple[str, str, str]] = []
        super().__init__(data)

    def _push(self, subscription: Any, body: bytes, attributes: dict[str, str]) -> PushResult:
        key = json.loads(body)["message"].get("orderingKey", "")
        self.pushed.append((subscription.name, attributes["ce-type"], key))
        return super()._push(subscription, body, attributes)


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[Watched]:
    started = Watched(tmp_path)
    yield started
    started.close()


def under_review(name: str) -> dict[str, Any]:
    return basket(customer={"email": f"{name}@review.test", "first_name": name, "last_name": "Lovelace"})


def place(estate: InProcess, name: str) -> str:
    status, order = estate.place(under_review(name), key=name)
    assert (status, order["status"]) == (201, "held")
    estate.deliver()
    return str(order["order_id"])


def approve(estate: InProcess, order_id: str) -> None:
    status, _ = estate.post(f"/order_management/orders/{order_id}/approve", {"by": "ada", "reason": "known"})
    assert status == 200
    estate.deliver()


def sent(estate: InProcess, order_id: str) -> set[str]:
    found = estate.get(f"/notification/messages?order_id={order_id}")["items"]
    return {each["template"] for each in found if each["status"] == "sent"}


def test_an_approval_waits_for_the_mail_that_the_order_is_held_and_other_orders_go_on(
    estate: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    is_away = [True]
    handed_over: list[tuple[str, str]] = []
    send = Mailbox.send

    def carry(mailbox: Mailbox, mail: EmailMessage) -> None:
        if is_away and mail["To"] == "ada@review.test":
            refused.append(mail["Subject"])
            if mail["Subject"] == refused[0]:
                raise Unavailable("the first mail, and no other: an approval would be taken")
        handed_over.append((mail["To"], mail["Subject"]))
        send(mailbox, mail)

    monkeypatch.setattr(Mailbox, "send", carry)
    ada = place(estate, "ada")
    approve(estate, ada)
    grace = place(estate, "grace")
    approve(estate, grace)
    assert (sent(estate, ada), sent(estate, grace)) == (set(), {"order.held", "order.approved"})
    assert {to for to, _ in handed_over} == {"grace@review.test"}

    [held] = set(refused)
    is_away.clear()
    ends = time.monotonic() + 10
    while estate.broker.backlog() and time.monotonic() < ends:
        time.sleep(0.02)
        estate.deliver()

    assert sent(estate, ada) == {"order.held", "order.approved"}
    first, second = (subject for to, subject in handed_over if to == "ada@review.test")
    assert first == held != second
    *earlier, last = [kind for name, kind, key in estate.pushed if name == NOTIFY and key == ada]
    assert (set(earlier), last) == ({"order.held"}, "order.approved")
    assert len(earlier) > 1


def test_a_push_of_an_ordered_topic_carries_the_order_as_its_key_and_no_other_does(estate: Watched) -> None:
    order_id = place(estate, "ada")

    keys = {(kind.partition(".")[0] == "order", key) for _, kind, key in estate.pushed}

    assert keys == {(True, order_id), (False, "")}
