"""What the report says of attempts whose batch did not settle."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.hosts.local.effects.otlp import otlp
from shared.storage.durability import current_scope
from tests.in_process import InProcess, basket

Report = Callable[[str], dict[str, Any]]


def spoil() -> None:
    present = current_scope()
    assert present is not None
    present.spoil(Unavailable("the disk is full"))


def spoilt_once(estate: InProcess) -> str:
    """An order of whose deliveries the first batch did not settle."""
    order_id = str(estate.place(basket())[1]["order_id"])
    estate.after["accounting", "POST /events/draft_invoice"] = spoil
    with pytest.raises(Unavailable, match="nothing of the batch may count"):
        estate.deliver()
    estate.after.clear()
    return order_id


def deliveries(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for event in told["events"] for each in event["deliveries"]]


def test_a_delivery_in_doubt_is_not_acknowledged_and_will_be_tried_again(estate: InProcess, report: Report) -> None:
    told = report(spoilt_once(estate))

    doubted = [each for each in deliveries(told) if each["attempts"]]
    assert {each["state"] for each in doubted} == {"retrying"}
    assert {each["latency_ms"] for each in doubted} == {None}
    assert {attempt["outcome"] for each in doubted for attempt in each["attempts"]} == {"in-doubt"}
    assert (told["counts"]["applied"], told["unbroken"]) == (0, True)


def test_each_effect_is_told_once_when_the_batch_has_come_again(estate: InProcess, report: Report) -> None:
    order_id = spoilt_once(estate)
    estate.deliver()

    told = report(order_id)

    assert {each["state"] for each in deliveries(told)} == {"applied"}
    outcomes = [[attempt["outcome"] for attempt in each["attempts"]] for each in deliveries(told)]
    assert all(each.count("applied") <= 1 for each in outcomes)
    assert {tuple(each) for each in outcomes} <= {("applied",), ("in-doubt", "applied"), ("in-doubt", "suppressed")}
    assert ("in-doubt", "applied") in {tuple(each) for each in outcomes}
    assert told["unbroken"]


def test_a_span_in_doubt_is_an_error_to_opentelemetry(estate: InProcess, report: Report) -> None:
    told = otlp(report(spoilt_once(estate)))

    spans = [each for service in told["resourceSpans"] for scope in service["scopeSpans"] for each in scope["spans"]]
    assert {"code": 2, "message": "in-doubt"} in [each["status"] for each in spans]
