"""Returns: delivered pieces only, to the cent as charged, and never more than was captured."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.order_management.authorize_return import AuthorizeReturn, authorize_return
from functions.order_management.life import live
from functions.order_management.list_returns import list_returns
from functions.order_management.order import Charged, ChargedLine, Fact, Order, OrderLine, ReturnStatus
from functions.order_management.reject_return import RejectReturn, reject_return
from functions.order_management.returnable import left_to_return, worth_to_return
from functions.order_management.returns import Return, Worth
from shared.errors import IllegalTransition, NotFound
from shared.events import Envelope
from shared.events.payment import PaymentChargedBack
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.changes import (
    GRACE,
    LATER,
    ask_to_return,
    authorize,
    came_back,
    pieces,
    refund_failed,
    refunded,
)
from tests.functions.order_management.stories import (
    ORDER,
    START,
    captured,
    confirmed,
    delivered,
    dispatched,
    hear,
    told,
    usd,
)

Emitted = Callable[[SqliteDatabase], list[Envelope]]


@pytest.fixture
def arrived(db: SqliteDatabase) -> SqliteDatabase:
    """The mugs (22.00) have arrived and are charged; the chair is on its way, and charged (88.00)."""
    story = (confirmed(), dispatched(1), captured(1), delivered(1), dispatched(2), captured(2))
    for minute, event in enumerate(story):
        hear(db, told(event, minute))
    return db


def returned(db: SqliteDatabase, **changes: object) -> str:
    return ask_to_return(db, **changes).returns[-1].return_id  # type: ignore[arg-type]


def last(db: SqliteDatabase, emitted: Emitted) -> Envelope:
    return emitted(db)[-1]


def test_what_has_arrived_may_be_asked_back(arrived: SqliteDatabase, emitted: Emitted) -> None:
    answer = ask_to_return(arrived)
    [goods] = answer.returns
    assert (answer.status, goods.status, goods.total) == ("dispatched", "requested", usd("22.00"))
    [line] = goods.lines
    assert (line.sku, line.quantity, line.net, line.tax, line.shipment_id[-1]) == (
        "MUG-1",
        2,
        usd("20.00"),
        usd("2.00"),
        "1",
    )
    event = last(arrived, emitted)
    assert (event.type, event.time, event.data["return_id"]) == ("order.return_requested", LATER, goods.return_id)
    assert (event.data["by"], event.data["reason"], len(event.data["lines"])) == ("grace", "called", 1)


def test_what_is_on_its_way_or_gone_back_is_not_there_to_return(arrived: SqliteDatabase) -> None:
    with pytest.raises(IllegalTransition, match="0 pieces of CHAIR-1 can be returned, not 1"):
        returned(arrived, lines=pieces(CHAIR=1))
    returned(arrived, lines=pieces(MUG=1))
    with pytest.raises(IllegalTransition, match="1 pieces of MUG-1 can be returned, not 2"):
        returned(arrived, lines=pieces(MUG=2))
    returned(arrived)
    with pytest.raises(IllegalTransition, match="nothing of it can be returned"):
        returned(arrived, reason="once more")


def test_the_same_request_is_the_same_return(arrived: SqliteDatabase, emitted: Emitted) -> None:
    one = pieces(MUG=1)
    assert returned(arrived, lines=one) == returned(arrived, lines=one)
    assert len([event for event in emitted(arrived) if event.type == "order.return_requested"]) == 1
    assert returned(arrived, lines=one) != returned(arrived, lines=one, reference="the other mug")


def test_an_authorized_return_says_what_may_come_and_what_it_is_worth(
    arrived: SqliteDatabase, emitted: Emitted
) -> None:
    return_id = returned(arrived, lines=pieces(MUG=1))
    for _ in range(2):
        assert authorize(arrived, return_id).returns[0].status == "authorized"
    event = last(arrived, emitted)
    assert event.type == "order.return_authorized"
    assert {name: event.data[name]["amount"] for name in ("goods_net", "goods_tax", "shipping_net", "total")} == {
        "goods_net": "10.00",
        "goods_tax": "1.00",
        "shipping_net": "0.00",
        "total": "11.00",
    }
    assert (event.data["customer_id"], event.data["email"], event.data["first_name"]) == (
        "cus_ada",
        "ada@example.com",
        "Ada",
    )
    assert len([each for each in emitted(arrived) if each.type == "order.return_authorized"]) == 1


def test_a_rejected_return_leaves_its_pieces_to_another(arrived: SqliteDatabase, emitted: Emitted) -> None:
    return_id = returned(arrived)
    for _ in range(2):
        answer = arrived.transact(lambda tx: reject_return(ORDER, return_id, RejectReturn(**GRACE), tx, LATER))
        assert answer.returns[0].status == "rejected"
    assert last(arrived, emitted).type == "order.return_rejected"
    with pytest.raises(IllegalTransition, match="is rejected"):
        authorize(arrived, return_id)
    again = returned(arrived)
    assert again != return_id
    authorize(arrived, again)
    with pytest.raises(IllegalTransition, match="is authorized"):
        arrived.transact(lambda tx: reject_return(ORDER, again, RejectReturn(**GRACE), tx, LATER))


def test_only_returns_of_this_order_are_decided(arrived: SqliteDatabase) -> None:
    return_id = returned(arrived)
    hear(arrived, told(confirmed(order_id="ord_other"), 0))
    authorized = AuthorizeReturn(**GRACE)
    for order_id, wanted in ((ORDER, "ret_other"), ("ord_other", return_id)):
        with pytest.raises(NotFound, match="has no return"):
            arrived.transact(partial(authorize_return, order_id, wanted, authorized, now=LATER))


def test_goods_come_back_and_the_refund_finishes_the_return(arrived: SqliteDatabase, emitted: Emitted) -> None:
    return_id = returned(arrived)
    authorize(arrived, return_id)
    hear(arrived, told(came_back(arrived, return_id), 50))
    assert [each.status for each in list_returns(arrived, status="received").items] == ["received"]
    hear(arrived, told(refunded(return_id, "22.00"), 51), LATER)
    event = last(arrived, emitted)
    assert (event.type, event.time, event.data["total"]) == ("order.return_refunded", LATER, usd("22.00").as_json())
    [goods] = list_returns(arrived, status="refunded").items
    assert (goods.total, goods.refunded_at) == (usd("22.00"), LATER)


def test_a_piece_that_did_not_come_is_not_refunded_and_may_come_later(
    arrived: SqliteDatabase, emitted: Emitted
) -> None:
    return_id = returned(arrived)
    authorize(arrived, return_id)
    hear(arrived, told(came_back(arrived, return_id, MUG=1), 50))
    hear(arrived, told(refunded(return_id, "11.00"), 51))
    assert last(arrived, emitted).data["total"] == usd("11.00").as_json()
    later = returned(arrived, reason="found the other one")
    assert authorize(arrived, later).returns[-1].total == usd("11.00")


def test_a_refund_that_fails_is_work_for_people(arrived: SqliteDatabase, emitted: Emitted) -> None:
    return_id = returned(arrived)
    authorize(arrived, return_id)
    hear(arrived, told(came_back(arrived, return_id), 50))
    hear(arrived, told(refund_failed(return_id, "22.00"), 51))
    assert [each.return_id for each in list_returns(arrived, status="refund_failed").items] == [return_id]
    assert last(arrived, emitted).type == "order.return_authorized"
    hear(arrived, told(refunded(return_id, "22.00"), 90))
    assert last(arrived, emitted).type == "order.return_refunded"


def test_never_more_is_given_back_than_was_captured(db: SqliteDatabase) -> None:
    for minute, event in enumerate((confirmed(), dispatched(1), delivered(1))):
        hear(db, told(event, minute))
    return_id = returned(db)
    with pytest.raises(IllegalTransition, match=r"0\.00 USD of what was captured is left to give back, not 22\.00"):
        authorize(db, return_id)
    hear(db, told(captured(1), 5))
    assert authorize(db, return_id).returns[0].status == "authorized"


def test_what_the_bank_took_back_is_not_given_back_again(arrived: SqliteDatabase) -> None:
    amounts = {"amount": usd("100.00"), "fee": usd("15.00")}
    told_by_bank = PaymentChargedBack(
        order_id=ORDER, chargeback_id="cb_1", payment_id="pay_1", gateway="sandbox", reason="fraud", **amounts
    )
    hear(arrived, told(told_by_bank, 40))
    with pytest.raises(IllegalTransition, match=r"10\.00 USD of what was captured"):
        authorize(arrived, returned(arrived))


def test_lists_by_state_and_page_the_longest_wait_first(arrived: SqliteDatabase) -> None:
    one = pieces(MUG=1)
    first = ask_to_return(arrived, START, lines=one, reference="first").returns[-1].return_id
    second = ask_to_return(arrived, LATER, lines=one, reference="second").returns[-1].return_id
    page = list_returns(arrived, limit=1)
    rest = list_returns(arrived, limit=1, cursor=page.next_cursor)
    assert [each.return_id for each in page.items + rest.items] == [first, second]
    authorize(arrived, first)
    assert [each.return_id for each in list_returns(arrived, status="requested").items] == [second]
    assert [each.return_id for each in list_returns(arrived, status="authorized").items] == [first]


def three_for_ten(shipping_minor: int = 500) -> Order:
    """Three pieces for 10.00 net and 0.77 tax in one shipment: a price that three do not divide."""
    line = ChargedLine(sku="PEN-1", quantity=3, net_minor=1000, tax_minor=77, tax_rate="0.0775", jurisdiction="US-CA")
    charged = Charged(fulfilment="parcel", lines=(line,), shipping_net_minor=shipping_minor, shipping_tax_minor=39)
    three = {"PEN-1": 3}
    facts = (
        Fact(type="order.confirmed", id="evt_1", at=START),
        Fact(type="shipment.dispatched", id="evt_2", at=START, shipment_id="shp_1", pieces=three),
        Fact(
            type="shipment.delivered", id="evt_3", at=START, shipment_id="shp_1", pieces={"PEN-1": 3}, charged=charged
        ),
    )
    lines = (OrderLine(sku="PEN-1", name="Pen", quantity=3),)
    return Order(order_id=ORDER, facts=facts, lines=lines, currency="USD", status="delivered")


def as_return(worth: Worth, number: int) -> Return:
    return Return(
        return_id=f"ret_{number}",
        order_id=ORDER,
        customer_id="cus_ada",
        currency="USD",
        by="g",
        reason="r",
        requested=worth,
        requested_at=START,
    )


def take(order: Order, returns: list[Return], count: int, refund_shipping: bool = False) -> Worth:
    return worth_to_return(order, live(order), returns, {"PEN-1": count}, refund_shipping)


def test_pieces_that_come_back_one_by_one_are_worth_what_was_charged() -> None:
    order, returns, worths = three_for_ten(), [], []
    for number in range(3):
        worths.append(take(order, returns, 1))
        returns.append(as_return(worths[-1], number))
    assert [worth.goods_net.amount for worth in worths] == ["3.34", "3.33", "3.33"]
    assert [worth.goods_tax.amount for worth in worths] == ["0.26", "0.26", "0.25"]
    assert [worth.lines[0].jurisdiction for worth in worths] == ["US-CA"] * 3
    [nothing] = left_to_return(order, live(order), returns)
    assert (nothing.quantity, nothing.net.minor, nothing.tax.minor) == (0, 0, 0)


def test_shipping_is_given_back_once() -> None:
    order = three_for_ten()
    first = take(order, [], 1, refund_shipping=True)
    second = take(order, [as_return(first, 1)], 1, refund_shipping=True)
    assert (first.shipping_net, first.shipping_tax, first.total) == (usd("5.00"), usd("0.39"), usd("8.99"))
    assert (second.shipping_net, second.shipping_tax, second.total) == (usd("0.00"), usd("0.00"), usd("3.59"))


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from(["rejected", "lapsed", "authorized"]), st.integers(0, 3)),
        max_size=8,
    )
)
def test_whatever_is_rejected_or_lapses_or_does_not_come_all_returns_give_back_what_was_charged(
    steps: list[tuple[int, ReturnStatus, int]],
) -> None:
    order, returns = three_for_ten(), []
    for number, (count, ended, came) in enumerate(steps):
        there = left_to_return(order, live(order), returns)[0].quantity
        if not there:
            break
        goods = as_return(take(order, returns, min(count, there)), number)
        line = goods.requested.lines[0]
        if ended != "authorized":
            goods.status = ended
        elif 0 < came < line.quantity:
            ones = [1] * line.quantity
            net, tax = (sum(part.apportion(ones)[:came], usd("0.00")) for part in (line.net, line.tax))
            arrived = line.model_copy(update={"quantity": came, "net": net, "tax": tax})
            goods.received = goods.requested.model_copy(update={"lines": (arrived,)})
        returns.append(goods)
    [left] = left_to_return(order, live(order), returns)
    if left.quantity:
        returns.append(as_return(take(order, returns, left.quantity), 99))
    lines = [line for goods in returns if goods.worth for line in goods.worth.lines]
    assert sum(line.quantity for line in lines) == 3
    assert sum((line.net for line in lines), usd("0.00")) == usd("10.00")
    assert sum((line.tax for line in lines), usd("0.00")) == usd("0.77")
    assert all(line.net.minor in range(333 * line.quantity, 334 * line.quantity + 1) for line in lines)
