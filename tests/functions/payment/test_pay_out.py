"""Each night the gateway pays what it took and did not give back, less its fees: worked to the cent."""

import pytest

from functions.payment import pay_out as module
from functions.payment.capture import Capture
from functions.payment.pay_out import pay_out
from functions.payment.payout import Payout
from functions.payment.report_control_totals import report_control_totals
from tests.functions.payment.conftest import Crash, Payment


def bought(payment: Payment, number: int, amount: str, currency: str = "USD") -> None:
    """An order that is authorized and captured at once."""
    payment.authorize(order_id=f"ord_{number}", amount=amount, currency=currency)
    payment.capture(amount, f"shp_{number}", f"ord_{number}", currency)


def sold_250_times(payment: Payment) -> None:
    """250 captures of 1.00."""
    at = payment.clock()
    sales = [
        Capture(
            shipment_id=f"shp_{number}",
            order_id=f"ord_{number}",
            state="captured",
            currency="USD",
            amount_minor=100,
            asked_at=at,
            captured_at=at,
        )
        for number in range(250)
    ]
    payment.db.transact(lambda tx: [tx.put(sale) for sale in sales])


def paid_out(payment: Payment) -> list[dict[str, str]]:
    """The amounts of each payout."""
    found = [data for kind, data in payment.events if kind == "payment.paid_out"]
    names = ("gross", "fees", "net", "settled")
    return [{"id": each["payout_id"], **{name: each[name]["amount"] for name in names}} for each in found]


def test_pays_what_was_captured_less_2_9_percent_and_30_cents_each(payment: Payment, clock) -> None:
    bought(payment, 1, "100.00")  # 2.90 + 0.30
    bought(payment, 2, "57.51")  # 1.66779 -> 1.67 + 0.30
    clock.advance(days=1)
    payment.run(pay_out)
    assert payment.events[-1] == (
        "payment.paid_out",
        {
            "payout_id": "pot_sandbox-2026-11-20-USD",
            "gateway": "sandbox",
            "gross": {"currency": "USD", "amount": "157.51"},
            "fees": {"currency": "USD", "amount": "5.17"},
            "net": {"currency": "USD", "amount": "152.34"},
            "settled": {"currency": "USD", "amount": "152.34"},
        },
    )
    assert payment.told[-1].subject == "pot_sandbox-2026-11-20-USD"
    assert report_control_totals(payment.db, clock()).totals["paid_out.USD"] == 15234


def test_refunds_and_chargebacks_with_their_fee_are_kept_back(payment: Payment, clock) -> None:
    bought(payment, 1, "100.00")
    payment.take_back({"shp_1": "20.00"})
    payment.charge_back("30.00")
    clock.advance(days=1)
    payment.run(pay_out)
    # 100.00 - 20.00 - (30.00 + 15.00); the fee of the capture is not given back
    assert paid_out(payment) == [
        {"id": "pot_sandbox-2026-11-20-USD", "gross": "35.00", "fees": "3.20", "net": "31.80", "settled": "31.80"}
    ]


def test_a_day_is_paid_out_once_an_hour_after_it_has_ended(payment: Payment, clock) -> None:
    bought(payment, 1, "100.00")
    clock.set(clock().replace(hour=23, minute=59, second=59))
    payment.run(pay_out)
    clock.advance(minutes=59)
    payment.run(pay_out)
    assert paid_out(payment) == []
    clock.advance(minutes=2)
    for _ in range(3):
        payment.run(pay_out)
    assert [each["gross"] for each in paid_out(payment)] == ["100.00"]


def test_what_happens_after_midnight_is_the_next_days(payment: Payment, clock) -> None:
    bought(payment, 1, "100.00")
    clock.set(clock().replace(hour=0, minute=0))
    clock.advance(days=1, hours=2)
    bought(payment, 2, "50.00")
    payment.run(pay_out)
    payment.run(pay_out)
    clock.advance(days=1)
    payment.run(pay_out)
    assert [(each["id"][-14:], each["gross"]) for each in paid_out(payment)] == [
        ("2026-11-20-USD", "100.00"),
        ("2026-11-21-USD", "50.00"),
    ]


def test_days_that_were_missed_are_paid_out_with_the_next(payment: Payment, clock) -> None:
    bought(payment, 1, "100.00")
    clock.advance(days=1)
    bought(payment, 2, "50.00")
    clock.advance(days=3)
    payment.run(pay_out)
    assert [(each["id"], each["gross"]) for each in paid_out(payment)] == [("pot_sandbox-2026-11-23-USD", "150.00")]


def test_a_day_without_movements_pays_nothing(payment: Payment, clock) -> None:
    bought(payment, 1, "100.00")
    for _ in range(4):
        clock.advance(days=1)
        payment.run(pay_out)
    assert len(paid_out(payment)) == 1


def test_when_more_was_given_back_than_taken_the_gateway_collects(payment: Payment, clock) -> None:
    bought(payment, 1, "100.00")
    clock.advance(days=1)
    payment.run(pay_out)
    payment.take_back({"shp_1": "100.00"})
    clock.advance(days=1)
    payment.run(pay_out)
    assert paid_out(payment)[1:] == [
        {"id": "pot_sandbox-2026-11-21-USD", "gross": "-100.00", "fees": "0.00", "net": "-100.00", "settled": "-100.00"}
    ]


@pytest.mark.parametrize(
    ("amount", "currency", "fees", "net", "settled"),
    [
        ("100.00", "EUR", "3.17", "96.83", "96.83 EUR"),  # 2.90 + 0.30 / 1.1305 = 0.27; Venlo banks in euro
        ("1200", "JPY", "69", "1131", "10.12 USD"),  # 34.8 -> 35 + 0.30 x 126.40 / 1.1305 = 33.54 -> 34; / 111.81
        ("12.345", "KWD", "0.658", "11.687", "11.687 KWD"),  # 0.358005 -> 0.358 + 0.300; no rate for the dinar
    ],
)
def test_other_currencies_arrive_in_that_of_the_bank(
    payment: Payment, clock, amount: str, currency: str, fees: str, net: str, settled: str
) -> None:
    bought(payment, 1, amount, currency)
    clock.advance(days=1)
    payment.run(pay_out)
    data = payment.events[-1][1]
    assert (data["gross"]["amount"], data["fees"]["amount"], data["net"]["amount"]) == (amount, fees, net)
    assert f"{data['settled']['amount']} {data['settled']['currency']}" == settled


@pytest.mark.parametrize("die_at", range(6))
def test_a_crash_between_two_batches_pays_nothing_twice_and_leaves_nothing_out(
    payment: Payment, clock, monkeypatch: pytest.MonkeyPatch, die_at: int
) -> None:
    sold_250_times(payment)
    clock.advance(days=1)
    go_on, batches = module._go_on, []

    def mortal(*args):
        if len(batches) == die_at:
            raise Crash
        batches.append(1)
        return go_on(*args)

    with monkeypatch.context() as patched:
        patched.setattr(module, "_go_on", mortal)
        with pytest.raises(Crash):
            payment.run(pay_out)
    clock.advance(days=1)
    payment.run(pay_out)
    # 250 x (0.029 -> 0.03 + 0.30)
    expected = {"id": "pot_sandbox-2026-11-20-USD", "gross": "250.00", "fees": "82.50", "net": "167.50"}
    assert paid_out(payment) == [{**expected, "settled": "167.50"}]
    assert payment.db.aggregate(Payout).count == 1


def test_a_run_is_bounded_and_the_next_goes_on(payment: Payment, clock, monkeypatch: pytest.MonkeyPatch) -> None:
    sold_250_times(payment)
    clock.advance(days=1)
    monkeypatch.setattr(module, "PAGES", 2)
    runs = 0
    while not paid_out(payment):
        payment.run(pay_out)
        runs += 1
    assert (runs, paid_out(payment)[0]["gross"]) == (3, "250.00")  # 3 pages of captures, 2 kinds without, the payout
