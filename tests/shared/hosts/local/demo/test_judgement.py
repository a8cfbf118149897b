"""The demo says what came out wrong, and only then."""

from dataclasses import replace
from typing import Any

import pytest

from shared.hosts.local.demo.answers import Message, Payment, Reply, Reservation, Shipment
from shared.hosts.local.demo.books import DeadLetter, Reconciliation, Stock
from shared.hosts.local.demo.judgement import Claim, Evidence, judge
from shared.hosts.local.demo.story import Story
from shared.hosts.local.demo.totals import Change


def wrong(seen: Evidence) -> list[str]:
    return [str(claim) for claim in judge(seen) if not claim.holds]


def with_documents(seen: Evidence, **changed: Any) -> Evidence:
    [story] = seen.stories
    return replace(seen, stories=[replace(story, documents=replace(story.documents, **changed))])


def test_nothing_is_wrong_when_all_came_out_right(evidence: Evidence) -> None:
    assert wrong(evidence) == []
    assert len(judge(evidence)) >= 25


def test_a_claim_tells_what_was_expected_and_what_was_found() -> None:
    assert str(Claim("plain: status", "delivered", "held")) == "plain: status: expected delivered, found held"


def test_sees_that_less_was_captured_than_charged(evidence: Evidence, story: Story) -> None:
    part = Payment.model_validate(
        {
            "type": "capture",
            "status": "captured",
            "at": "2026-11-20T08:00:00Z",
            "amount": {"currency": "USD", "amount": "57.50"},
        }
    )

    found = wrong(with_documents(evidence, payments=[story.documents.payments[0], part]))

    assert found == ["plain: captured: expected Money(57.51 USD), found Money(57.50 USD)"]


def test_sees_an_invoice_without_a_number(evidence: Evidence, story: Story) -> None:
    [invoice] = story.documents.invoices
    draft = invoice.model_copy(update={"status": "draft", "number": None})

    assert wrong(with_documents(evidence, invoices=[draft])) == [
        "plain: numbered invoices, one per shipment: expected 1, found 0"
    ]


def test_sees_a_mail_that_was_not_sent(evidence: Evidence, story: Story) -> None:
    first: list[Message] = story.documents.messages[:1]

    [found] = wrong(with_documents(evidence, messages=first))

    assert found.startswith("plain: mails: ")


def test_sees_a_shipment_that_did_not_arrive(evidence: Evidence, story: Story) -> None:
    stuck: Shipment = story.documents.shipments[0].model_copy(update={"status": "dispatched"})

    assert wrong(with_documents(evidence, shipments=[stuck])) == [
        "plain: shipments: expected {'delivered'}, found {'dispatched'}"
    ]


def test_sees_goods_that_are_still_reserved(evidence: Evidence, story: Story) -> None:
    firm: Reservation = story.documents.reservations["inventory"].model_copy(update={"state": "firm"})
    after = evidence.change.after
    held = {**after.stock, "6E92ZMYYFZ": Stock(sku="6E92ZMYYFZ", on_hand=2999, reserved=1)}
    seen = replace(evidence, change=Change(evidence.change.before, replace(after, stock=held)))

    assert wrong(with_documents(seen, reservations={"inventory": firm})) == [
        "plain: reservations: expected {'committed'}, found {'firm'}",
        "6E92ZMYYFZ still held: expected 0, found 1",
    ]


def test_sees_a_second_order_of_an_order_sent_twice(evidence: Evidence, story: Story) -> None:
    twice = replace(story.basket, at_once=2)
    second = Reply(201, {**story.replies[0].body, "order_id": "ord_2"}, 15.0)
    doubled = replace(story, basket=twice, replies=[*story.replies, second, story.replies[0]], orders_of_customer=2)

    assert wrong(replace(evidence, stories=[doubled])) == [
        "plain: orders of that customer: expected 1, found 2",
        "plain: different answers: expected 1, found 2",
    ]


def test_an_order_sent_twice_may_be_told_to_wait(evidence: Evidence, story: Story) -> None:
    waits = Reply(409, {"code": "in_progress"}, 3.0)
    [answer] = story.replies
    patient = replace(story, basket=replace(story.basket, at_once=2), replies=[waits, answer, answer, answer])

    assert wrong(replace(evidence, stories=[patient])) == []


def test_sees_what_a_declined_order_left_behind(evidence: Evidence, story: Story) -> None:
    refused = Reply(402, {"code": "payment_declined"}, 9.0)
    declined = replace(story, basket=replace(story.basket, ending="declined"), replies=[refused], orders_of_customer=1)

    found = wrong(replace(evidence, stories=[declined]))

    assert "plain: orders of that customer: expected 0, found 1" in found
    assert "orders refused: expected 1, found 0" in found
    assert "OLJCESPC7Z on hand: expected 3000, found 2998" in found
    assert "cents captured in all: expected {}, found {'USD': 5751}" in found


def test_sees_that_a_reviewed_order_was_never_held(evidence: Evidence, story: Story) -> None:
    reviewed = replace(story, basket=replace(story.basket, reviewed=True))

    assert wrong(replace(evidence, stories=[reviewed])) == [
        "plain: its way: expected ['order.held', 'order.approved'], found ['order.confirmed']",
        "plain: seen while it waited: expected an order, found None",
    ]


def test_sees_that_goods_left_while_an_order_was_held(evidence: Evidence, story: Story) -> None:
    reviewed = replace(story, basket=replace(story.basket, reviewed=True), waiting=story.documents)

    found = wrong(replace(evidence, stories=[reviewed]))

    assert "plain: status while it waited: expected held, found delivered" in found
    assert "plain: shipments and invoices while it waited: expected (0, 0), found (1, 1)" in found
    assert "plain: money taken while it waited: expected 0, found 1" in found
    assert "plain: reservations while it waited: expected {'firm'}, found {'committed'}" in found


@pytest.mark.parametrize("missing", ["order", "answer"])
def test_an_order_that_was_not_accepted_is_wrong(evidence: Evidence, story: Story, missing: str) -> None:
    gone = replace(story, replies=[Reply(503, {"code": "unavailable"}, 5.0)])
    seen = with_documents(evidence, order=None) if missing == "order" else replace(evidence, stories=[gone])

    assert any("the answer: expected 201" in claim for claim in wrong(seen))


def test_sees_books_that_do_not_balance(evidence: Evidence) -> None:
    books = evidence.books.model_copy(update={"accounts": evidence.books.accounts[1:]})

    assert wrong(replace(evidence, books=books)) == ["debit without credit: expected {'USD': 0}, found {'USD': -5751}"]


def test_sees_differences_and_dead_letters(evidence: Evidence) -> None:
    drift = Reconciliation(balanced=False, differences=[{"total": "sent.count"}], checked=45)
    letter = DeadLetter(subscription="payment.capture_shipment.shipment-events")

    assert wrong(replace(evidence, reconciliation=drift, dead_letters=[letter])) == [
        "differences in the reconciliation: expected [], found [{'total': 'sent.count'}]",
        "reconciliation: balanced: expected True, found False",
        "dead letters: expected [], found ['payment.capture_shipment.shipment-events']",
    ]
