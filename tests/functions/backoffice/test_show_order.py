"""An order's page: everything that services know of it, and what a person may do."""

from collections.abc import Sequence

import pytest

from functions.backoffice.deliveries import DeadLetter, Effects
from functions.backoffice.operations import Operations
from functions.backoffice.show_order import OrderPage, show_order
from functions.backoffice.waterfall import waterfall
from shared.errors import CallFailed, NotFound
from tests.functions.backoffice.answers import AT, ORDER_ID, effects, held, of_order, order
from tests.scripted_calls import ScriptedCalls


class Known(Operations):
    """Knows this report, or does not answer."""

    def __init__(self, report: Effects | None) -> None:
        self.report = report

    def effects(self, order_id: str) -> Effects | None:
        if self.report is None:
            raise CallFailed("the estate does not answer")
        return self.report

    def dead_letters(self) -> Sequence[DeadLetter]:
        return ()

    def replay(self, letter_ids: Sequence[str]) -> int:
        return 0


REPORT = Effects.model_validate(effects())


def shown(found: dict, report: Effects | None = REPORT, **asked) -> OrderPage:
    return show_order(ORDER_ID, ScriptedCalls(of_order(found)), Known(report), **asked)


def test_tells_life_money_parcels_and_messages():
    page = shown(order()).to_html()
    for told in (
        "Ordered: 2 Sunglasses for 47.87 USD.",
        "$47.87",
        "ob-us-2026-000004",
        "OBP857314270043554057473",
        "Parcel 1, box S, 230 g",
        "receivables",
        "It is confirmed",
        "20 Nov 2026, 14:17:22",
    ):
        assert told in page


def test_what_people_wrote_is_text_and_never_markup():
    page = shown(order()).to_html()
    assert "Sun&lt;b&gt;glasses" in page
    assert "<b>" not in page


def test_tells_deliveries_and_what_a_repeat_changed():
    page = shown(order()).to_html()
    assert "1 event, 1 delivery, 2 attempts: 1 applied. 1 repeated delivery changed nothing." in page
    assert "2 attempts (applied, suppressed)" in page
    once = REPORT.model_copy(update={"counts": REPORT.counts | {"repeats": 0}})
    assert "changed nothing" not in shown(order(), once).to_html()


def test_an_order_that_waits_has_a_form_and_one_that_does_not_has_none():
    waiting, done = shown(held()).to_html(), shown(order()).to_html()
    assert f'action="{ORDER_ID}/approve"' in waiting
    assert f'formaction="{ORDER_ID}/reject"' in waiting
    assert "five cards" in waiting
    assert "23 Nov 2026, 14:17:22" in waiting
    assert "<form" not in done


def test_an_order_that_fraud_was_silent_about_waits_for_fraud_and_not_for_people():
    silent = held() | {"fraud": {"decision": "review", "score": None, "reasons": [], "model_version": None}}
    page = shown(silent).to_html()
    assert "<form" not in page
    assert "no score: fraud was silent" in page


def test_is_shown_without_the_platforms_report_too():
    page = shown(order(), report=None)
    assert page.effects is None
    assert "The platform has no record of this order" in page.to_html()
    assert "Trace" not in page.to_html()


def test_says_what_came_of_a_decision():
    assert "Approved. Fulfilment starts now." in shown(order(), notice="approved").to_html()


def test_an_order_nobody_knows_is_not_found():
    calls = ScriptedCalls({("GET", f"/order_management/orders/{ORDER_ID}"): NotFound("no such order")})
    with pytest.raises(NotFound):
        show_order(ORDER_ID, calls, Known(REPORT))


def test_the_waterfall_gives_each_trace_its_own_scale():
    first, second = waterfall(REPORT)
    assert [(bar.left, bar.width, bar.since_ms) for bar in first.bars] == [(0, 100, 0), (25, 50, 50)]
    assert [(bar.left, bar.width) for bar in second.bars] == [(0, 100)]
    assert (first.takes_ms, second.takes_ms) == (200, 10)


def test_the_shortest_span_is_still_seen_and_never_beyond_the_edge():
    spans = [*REPORT.spans[:1], REPORT.spans[1].model_copy(update={"offset_ms": 200.0, "duration_ms": None})]
    [chart, _] = waterfall(REPORT.model_copy(update={"spans": tuple(spans)}))
    assert (chart.bars[1].left, chart.bars[1].width) == (99.6, 0.4)


def test_spans_on_azure_and_failed_ones_are_marked():
    page = shown(order()).to_html()
    assert '<i class="azure request"' in page
    assert "(Azure)" in page
    assert '<i class="google request failed"' in page


def test_as_json_it_holds_the_same():
    plain = shown(order()).model_dump(mode="json")
    assert plain["order"]["order_id"] == ORDER_ID
    assert plain["timeline"][0]["at"].startswith(AT[:19])
    assert plain["effects"]["counts"]["attempts"] == 2


def test_who_only_looked_is_no_part_of_the_waterfall():
    looked = REPORT.traces[1].model_copy(update={"root": "GET /orders/{order_id}"})
    [chart] = waterfall(REPORT.model_copy(update={"traces": (REPORT.traces[0], looked)}))
    assert chart.trace.root == "POST /orders"


def test_an_order_asked_for_again_every_minute_shows_its_first_trace_and_the_latest():
    many = tuple(REPORT.traces[1].model_copy(update={"trace_id": f"t{each}"}) for each in range(30))
    report = REPORT.model_copy(update={"traces": (REPORT.traces[0], *many)})
    shown_of = [chart.trace.trace_id for chart in waterfall(report)]
    assert shown_of == [REPORT.traces[0].trace_id, *(f"t{each}" for each in range(11, 30))]
    assert "The first of 31, and the latest" in shown(order(), report).to_html()


def test_an_order_that_another_checkout_sold_was_not_scored_and_fraud_was_not_silent():
    sold = order() | {"fraud": {"decision": "approve", "score": None, "reasons": [], "model_version": None}}
    page = shown(sold).to_html()
    assert "approve, not scored" in page
    assert "silent" not in page
