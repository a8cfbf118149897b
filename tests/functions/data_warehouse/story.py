"""A small shop's events, as they come over the wire, for reports whose rows are worked out by hand."""

from typing import Any

import pytest

from shared.events import Envelope

each_store = pytest.mark.parametrize("store", ["duckdb", "bigquery"], indirect=True)
"""Marks tests that run on DuckDB and on BigQuery's emulator, with the same rows worked out by hand."""

NOTHING = {"currency": "USD", "amount": "0.00"}


def money(amount: str, currency: str = "USD") -> dict[str, str]:
    return {"currency": currency, "amount": amount}


def event(kind: str, at: str, **data: Any) -> Envelope:
    """An event of a type and a time; its id follows from what it says."""
    known = {
        "id": f"evt_{abs(hash((kind, at, repr(data))))}",
        "type": kind,
        "source": "/test",
        "subject": str(data.get("order_id", "x")),
        "time": at,
        "dataschema": "x",
        "data": data,
    }
    return Envelope.model_validate(known)


def placed(
    order_id: str,
    at: str,
    *lines: tuple[str, str],
    channel: str = "web",
    customer: str = "cus_ada",
    kind: str = "confirmed",
) -> Envelope:
    """An order of (sku, category) lines."""
    order = {
        "order_id": order_id,
        "customer": {"id": customer},
        "channel": channel,
        "placed_at": at,
        "lines": [{"sku": sku, "categories": [category, "all"]} for sku, category in lines],
    }
    return event(f"order.{kind}", at, order_id=order_id, order=order)


def shipped(
    kind: str,
    order_id: str,
    at: str,
    *lines: tuple[str, int, str],
    currency: str = "USD",
    rate: str | None = None,
    **more: Any,
) -> Envelope:
    """A shipment's or return's event of (sku, pieces, net) lines."""
    told = [{"sku": sku, "quantity": pieces, "net": money(net, currency)} for sku, pieces, net in lines]
    exchange = {"exchange_rate": {"base": "USD", "rate": rate}} if rate else {}
    more.setdefault("shipment_id", f"shp_{order_id}")
    return event(f"shipment.{kind}", at, order_id=order_id, lines=told, **exchange, **more)


def costed(kind: str, at: str, *lines: tuple[str, int, str], **more: Any) -> Envelope:
    """A stock event of (sku, pieces, unit cost) lines."""
    told = [{"sku": sku, "quantity": pieces, "unit_cost": money(cost)} for sku, pieces, cost in lines]
    return event(kind, at, lines=told, **more)
