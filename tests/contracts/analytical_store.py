"""What every AnalyticalStore keeps. Adapters subclass this and give `store`, and `another` over the same rows."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest

from shared.analytics import AnalyticalStore, QueryFailed
from shared.events import Envelope
from shared.storage import Database
from shared.storage.guard import TransactionOpen

START = datetime(2026, 11, 20, 23, 59, 59, 123456, tzinfo=UTC)
COUNT = "SELECT COUNT(*) AS events FROM events"


def event(event_id: str = "evt_1", minutes: int = 0, **others: Any) -> Envelope:
    plain = {
        "id": event_id,
        "type": "order.confirmed",
        "source": "/checkout",
        "subject": "ord_1",
        "time": START + timedelta(minutes=minutes),
        "dataschema": "https://schemas.online-boutique.example/order.confirmed/v1",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "data": {"order_id": "ord_1", "total": {"currency": "USD", "amount": "19.99"}},
    }
    return Envelope.model_validate({**plain, **others})


class AnalyticalStoreContract:
    """Every test here runs against every adapter."""

    def test_an_event_is_a_row(self, store: AnalyticalStore) -> None:
        assert store.load([event()]) == 1

        (row,) = store.query("SELECT * FROM events")
        assert json.loads(row.pop("data")) == {"order_id": "ord_1", "total": {"currency": "USD", "amount": "19.99"}}
        assert row == {
            "id": "evt_1",
            "type": "order.confirmed",
            "source": "/checkout",
            "subject": "ord_1",
            "time": START,
            "day": date(2026, 11, 20),
            "order_id": "ord_1",
            "trace_id": "0af7651916cd43dd8448eb211c80319c",
        }

    def test_what_an_event_does_not_say_is_null(self, store: AnalyticalStore) -> None:
        store.load([event(traceparent=None, data={"sku": "MUG-1"})])

        assert store.query("SELECT order_id, trace_id FROM events") == [{"order_id": None, "trace_id": None}]

    def test_loading_twice_adds_nothing(self, store: AnalyticalStore) -> None:
        assert store.load([event("evt_1"), event("evt_2")]) == 2
        assert store.load([event("evt_2"), event("evt_3", minutes=5), event("evt_1")]) == 1
        assert store.load([event("evt_3", minutes=5)]) == 0

        rows = store.query("SELECT id FROM events ORDER BY id")
        assert [row["id"] for row in rows] == ["evt_1", "evt_2", "evt_3"]

    def test_an_event_that_is_in_a_batch_twice_is_one_row(self, store: AnalyticalStore) -> None:
        assert store.load([event(), event()]) == 1
        assert store.query(COUNT) == [{"events": 1}]

    def test_an_event_is_a_typed_row_of_its_own_table(self, store: AnalyticalStore) -> None:
        lines = [{"sku": "MUG-1", "quantity": 2, "net": {"currency": "USD", "amount": "17.44"}}]
        shipment = {"order_id": "ord_1", "shipment_id": "shp_1", "lines": lines, "a_later_field": 1}
        store.load([event("evt_1"), event("evt_2", type="shipment.delivered", data=shipment)])

        asked = """
            SELECT s.event_id, s.time, s.day, s.trace_id, s.order_id, s.fulfilment, line.sku AS sku,
                   line.quantity * line.net.amount AS worth
            FROM shipment_delivered AS s, UNNEST(s.lines) AS line"""
        assert store.query(asked) == [
            {
                "event_id": "evt_2",
                "time": START,
                "day": date(2026, 11, 20),
                "trace_id": "0af7651916cd43dd8448eb211c80319c",
                "order_id": "ord_1",
                "fulfilment": None,
                "sku": "MUG-1",
                "worth": Decimal("34.880"),
            }
        ]

    def test_nothing_to_load_is_no_error(self, store: AnalyticalStore) -> None:
        assert store.load([]) == 0

    def test_rows_are_there_for_whoever_else_asks(self, store: AnalyticalStore, another: AnalyticalStore) -> None:
        store.load([event()])
        assert another.query(COUNT) == [{"events": 1}]
        assert another.load([event()]) == 0

    def test_loads_at_once_add_every_event_once(self, store: AnalyticalStore, another: AnalyticalStore) -> None:
        def load(into: AnalyticalStore) -> None:
            for start in range(0, 200, 20):
                into.load([event(f"evt_{number}") for number in range(start, start + 40)])

        threads = [Thread(target=load, args=(into,)) for into in (store, another, store)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.query(COUNT) == [{"events": 220}]

    def test_amounts_stay_exact(self, store: AnalyticalStore) -> None:
        amounts = ("0.10", "0.20", "-0.005", "900719925474099.3")
        store.load([event(f"evt_{each}", data={"total": {"amount": each}}) for each in amounts])

        (row,) = store.query(
            """
            SELECT
              SUM(CAST(JSON_VALUE(data, '$.total.amount') AS NUMERIC(20, 3))) AS total,
              SUM(CAST(REPLACE(JSON_VALUE(data, '$.total.amount'), '.', '') AS INT64)) AS without_point
            FROM events
            """
        )
        assert row == {"total": Decimal("900719925474099.595"), "without_point": 9007199254740993 + 10 + 20 - 5}
        assert type(row["without_point"]) is int

    def test_lists_in_an_event_are_unnested(self, store: AnalyticalStore) -> None:
        lines = [{"sku": "A", "quantity": 2}, {"sku": "B", "quantity": 3}]
        store.load([event("evt_1", data={"lines": lines}), event("evt_2", data={"lines": lines[:1]}), event("evt_3")])

        assert store.query(
            """
            SELECT JSON_VALUE(line, '$.sku') AS sku, SUM(CAST(JSON_VALUE(line, '$.quantity') AS INT64)) AS pieces
            FROM events, UNNEST(JSON_QUERY_ARRAY(data, '$.lines')) AS line
            GROUP BY sku ORDER BY sku
            """
        ) == [{"sku": "A", "pieces": 4}, {"sku": "B", "pieces": 3}]

    def test_parameters_are_bound_and_times_compare_as_moments(self, store: AnalyticalStore) -> None:
        store.load([event("evt_1"), event("evt_2", minutes=1), event("evt_3", minutes=2, type="it's")])
        until = (START + timedelta(minutes=1)).astimezone(datetime.fromisoformat("2026-11-20T00:00:00+05:00").tzinfo)

        rows = store.query("SELECT id, time FROM events WHERE time <= @until ORDER BY id", {"until": until})
        assert rows == [{"id": "evt_1", "time": START}, {"id": "evt_2", "time": START + timedelta(minutes=1)}]
        assert store.query("SELECT id FROM events WHERE type = @type", {"type": "it's"}) == [{"id": "evt_3"}]

    def test_a_question_with_a_mistake_is_a_defect_that_says_so(self, store: AnalyticalStore) -> None:
        with pytest.raises(QueryFailed, match="colour"):
            store.query("SELECT colour FROM events")
        with pytest.raises(QueryFailed):
            store.query("SELECT FROM WHERE")

    def test_nothing_is_loaded_inside_a_transaction(self, store: AnalyticalStore, database_of: Any) -> None:
        db: Database = database_of("data_warehouse")
        with pytest.raises(TransactionOpen):
            db.transact(lambda _: store.load([event()]))
        assert store.query(COUNT) == [{"events": 0}]
