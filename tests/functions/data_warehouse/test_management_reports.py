"""The reports that people steer the shop by; every row is worked out by hand in the comments beside it."""

from datetime import datetime

from shared.analytics import AnalyticalStore
from shared.events import Envelope
from shared.storage import Database
from tests.functions.data_warehouse.story import costed, each_store, event, money, placed, shipped
from tests.functions.data_warehouse.test_inbox import collect
from tests.functions.data_warehouse.test_reports import run

pytestmark = each_store

UNTIL = datetime.fromisoformat("2027-03-31T00:00:00Z")


def rows(name: str, db: Database, store: AnalyticalStore, *told: Envelope) -> list[list[object]]:
    collect(db, *told)
    return run(name, db, store, UNTIL).rows


def test_revenue_is_what_was_delivered_less_what_came_back(db: Database, store: AnalyticalStore) -> None:
    found = rows(
        "revenue_by_category",
        db,
        store,
        placed("ord_1", "2027-01-01T08:00:00Z", ("MUG", "kitchen"), ("WATCH", "accessories")),
        placed("ord_2", "2027-01-02T08:00:00Z", ("MUG", "kitchen"), channel="desk", kind="approved"),
        shipped("delivered", "ord_1", "2027-01-03T08:00:00Z", ("MUG", 3, "26.97"), ("WATCH", 1, "109.99")),
        shipped("delivered", "ord_2", "2027-01-03T08:00:00Z", ("MUG", 2, "15.90"), currency="EUR", rate="0.9"),
        shipped("returned", "ord_1", "2027-01-09T08:00:00Z", ("MUG", 1, "8.99"), return_id="ret_1"),
        shipped("delivered", "ord_3", "2027-01-03T08:00:00Z", ("LAMP", 1, "5.00")),
        shipped("delivered", "ord_1", "2027-04-01T08:00:00Z", ("MUG", 9, "80.91"), shipment_id="shp_late"),
    )

    assert found == [
        ["accessories", "web", "USD", 1, "109.99"],
        ["kitchen", "desk", "EUR", 2, "15.90"],
        ["kitchen", "web", "USD", 2, "17.98"],  # 26.97 - 8.99
        ["unknown", "unknown", "USD", 1, "5.00"],  # its order was never heard of
    ]


def test_gross_margin_is_revenue_at_the_orders_rate_less_what_the_goods_had_cost(
    db: Database, store: AnalyticalStore
) -> None:
    found = rows(
        "gross_margin",
        db,
        store,
        shipped("delivered", "ord_1", "2027-01-03T08:00:00Z", ("MUG", 2, "17.98"), ("SOFA", 1, "499.00")),
        shipped("delivered", "ord_2", "2027-01-04T08:00:00Z", ("MUG", 1, "7.65"), currency="EUR", rate="0.9"),
        costed("inventory.committed", "2027-01-02T08:00:00Z", ("MUG", 2, "3.50"), shipment_id="shp_ord_1"),
        costed("furniture.committed", "2027-01-02T08:00:00Z", ("SOFA", 1, "210.00"), shipment_id="shp_ord_1"),
        costed("inventory.committed", "2027-01-03T08:00:00Z", ("MUG", 1, "3.50"), shipment_id="shp_ord_2"),
        costed("inventory.committed", "2027-01-03T08:00:00Z", ("MUG", 1, "3.50"), shipment_id="shp_on_its_way"),
        shipped("returned", "ord_1", "2027-01-09T08:00:00Z", ("MUG", 1, "8.99"), return_id="ret_1"),
        costed("inventory.returned", "2027-01-09T08:00:00Z", ("MUG", 1, "3.50"), return_id="ret_1"),
    )

    assert found == [
        # 17.98 + 7.65 / 0.9 - 8.99 = 17.98 + 8.50 - 8.99; 3 x 3.50 - 3.50; (17.49 - 7.00) / 17.49
        ["MUG", "USD", 2, "17.49", "7.00", "10.49", "60.00"],
        ["SOFA", "USD", 1, "499.00", "210.00", "289.00", "57.90"],
    ]


def test_lead_times_are_the_nearest_ranks(db: Database, store: AnalyticalStore) -> None:
    told = []
    for number in range(1, 11):  # order n: dispatched after n hours, delivered after ten times as long
        days, hours = divmod(number * 10, 24)
        told += [
            placed(f"ord_{number}", "2027-01-01T00:00:00Z"),
            shipped("dispatched", f"ord_{number}", f"2027-01-01T{number:02d}:00:00Z"),
            shipped("delivered", f"ord_{number}", f"2027-01-{days + 1:02d}T{hours:02d}:00:00Z"),
        ]
    told.append(placed("ord_11", "2027-01-01T00:00:00Z"))  # never left

    assert rows("order_lead_time", db, store, *told) == [
        ["dispatched to delivered", 10, "45", "81", "90"],
        ["placed to delivered", 10, "50", "90", "100"],
        ["placed to dispatched", 10, "5", "9", "10"],
    ]


def scored(order_id: str, decision: str, *codes: str) -> Envelope:
    reasons = [{"code": code, "points": 10} for code in codes]
    fraud = {"decision": decision, "score": 10, "reasons": reasons}
    return event("fraud.scored", "2027-01-01T08:00:00Z", order_id=order_id, fraud=fraud)


def test_fraud_outcomes_by_decision_and_reason(db: Database, store: AnalyticalStore) -> None:
    at = "2027-01-02T08:00:00Z"
    found = rows(
        "fraud_outcomes",
        db,
        store,
        scored("ord_1", "approve"),
        scored("ord_2", "approve"),
        event("payment.charged_back", at, order_id="ord_2", chargeback_id="cb_1"),
        scored("ord_3", "review", "amount_high", "card_country_differs"),
        event("order.approved", at, order_id="ord_3"),
        scored("ord_4", "review", "amount_high"),
        event("order.rejected", at, order_id="ord_4"),
        scored("ord_5", "deny", "forced_deny"),
        event("order.refused", at, order_id="ord_5"),
    )

    assert found == [
        ["approve", "none", 2, 0, 0, 0, 1],
        ["deny", "forced_deny", 1, 0, 0, 1, 0],
        ["review", "amount_high", 2, 1, 1, 0, 0],
        ["review", "card_country_differs", 1, 1, 0, 0, 0],
    ]


def test_stock_turns_are_cost_sold_over_mean_stock(db: Database, store: AnalyticalStore) -> None:
    adjusted = {"sku": "MUG", "delta": -2, "value": money("-7.00")}
    found = rows(
        "stock_turns",
        db,
        store,
        event("inventory.received", "2026-01-01T08:00:00Z", sku="MUG", quantity=100, unit_cost=money("3.50")),
        event("inventory.received", "2026-08-01T08:00:00Z", sku="MUG", quantity=100, unit_cost=money("3.50")),
        costed("inventory.committed", "2026-02-01T08:00:00Z", ("MUG", 10, "3.50"), shipment_id="shp_long_ago"),
        costed("inventory.committed", "2027-01-01T08:00:00Z", ("MUG", 60, "3.50"), shipment_id="shp_1"),
        costed("inventory.returned", "2027-01-05T08:00:00Z", ("MUG", 5, "3.50"), return_id="ret_1"),
        event("inventory.adjusted", "2027-01-06T08:00:00Z", lines=[adjusted]),
        event("furniture.received", "2027-01-01T08:00:00Z", sku="SOFA", quantity=4, unit_cost=money("210.00")),
    )

    assert found == [
        # 55 sold within a year; 133 left: 465.50; a year ago 90: 315.00; 2 x 192.50 / 780.50
        ["MUG", "USD", 55, "192.50", 133, "465.50", "0.493"],
        ["SOFA", "USD", 0, "0.00", 4, "840.00", "0.00"],
    ]


def test_cohorts_are_customers_by_the_month_of_their_first_order(db: Database, store: AnalyticalStore) -> None:
    found = rows(
        "cohort_repeat_rate",
        db,
        store,
        placed("ord_1", "2026-12-01T08:00:00Z", customer="cus_1"),
        placed("ord_2", "2026-12-31T08:00:00Z", customer="cus_1"),  # again after exactly 30 days
        placed("ord_3", "2026-12-01T08:00:00Z", customer="cus_2"),
        placed("ord_4", "2026-12-31T08:00:01Z", customer="cus_2", kind="approved"),  # a second later
        placed("ord_5", "2026-12-15T08:00:00Z", customer="cus_3"),
        placed("ord_6", "2027-01-05T08:00:00Z", customer="cus_4"),
    )

    assert found == [["2026-12", 3, 1, 2, "66.7"], ["2027-01", 1, 0, 0, "0"]]


def merged(kept: str, other: str, at: str = "2027-02-01T08:00:00Z") -> Envelope:
    return event("customer.merged", at, customer_id=kept, merged_id=other, by="carol")


def test_two_records_of_one_person_are_one_customer_of_their_first_orders_month(
    db: Database, store: AnalyticalStore
) -> None:
    orders = (
        placed("ord_1", "2026-12-01T08:00:00Z", customer="cus_maiden"),
        placed("ord_2", "2026-12-20T08:00:00Z", customer="cus_married"),
        placed("ord_3", "2027-01-05T08:00:00Z", customer="cus_phone"),
        placed("ord_4", "2027-01-06T08:00:00Z", customer="cus_other"),
    )
    chain = (merged("cus_married", "cus_maiden"), merged("cus_phone", "cus_married", "2027-02-02T08:00:00Z"))

    assert rows("cohort_repeat_rate", db, store, *orders, *chain) == [
        ["2026-12", 1, 1, 1, "100"],
        ["2027-01", 1, 0, 0, "0"],
    ]
