"""A soak draws the same from the same seed, counts what came of each push, and finds what is lost or doubled."""

import json
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.soak.checks import Shelf, of_the_orders
from bench.soak.customers import Story
from bench.soak.effects import effects
from bench.soak.kills import VICTIMS, Recovery, plan
from bench.soak.mix import KINDS, customers
from bench.soak.page import rows, write
from bench.soak.run import Soak, soak
from shared.http.records import HandledRecord
from shared.storage.connect import close_all, connect
from shared.telemetry.log import JsonLines
from tests.in_process import InProcess, basket


def test_the_same_seed_draws_the_same_customers_and_kills() -> None:
    assert customers(200, 7) == customers(200, 7)
    assert plan(30, 1000, 7) == plan(30, 1000, 7)
    assert plan(30, 1000, 7) != plan(30, 1000, 8)


def test_every_kind_of_customer_comes_by_its_share_with_a_key_of_their_own() -> None:
    who = customers(200, 1)

    assert Counter(each.kind for each in who) == {kind: 2 * share for kind, share in KINDS.items()}
    assert len({each.key for each in who}) == len({each.body["customer"]["email"] for each in who}) == 200


def test_of_twenty_kills_every_victim_has_its_share_while_customers_are_served() -> None:
    strikes = plan(20, 500, 3)

    assert Counter(each.victim for each in strikes) == VICTIMS
    assert all(0 < each.done < 500 and each.after_s < 1 for each in strikes)
    assert [each.done for each in strikes] == sorted(each.done for each in strikes)


def pushed(event: str, effect: str, function: str = "draft_invoice", status: int = 204) -> str:
    about = {"service": "accounting", "route": f"/events/{function}", "event": event, "effect": effect}
    return json.dumps({"logger": "boutique.requests", "status": status, **about})


def test_pushes_are_counted_by_their_effect(tmp_path: Path) -> None:
    failed = '{"logger": "boutique.requests", "service": "accounting", "route": "/events/draft_invoice", "status": 503}'
    other = '{"logger": "boutique.requests", "service": "accounting", "route": "/invoices", "status": 200}'
    torn = pushed("evt_3", "applied")[:60]
    log = tmp_path / "estate.log"
    log.write_text("\n".join([pushed("evt_1", "applied"), pushed("evt_1", "suppressed"), failed, other, torn]))

    found = effects(log)

    assert (found.pushes, found.applied, found.suppressed, found.failed, found.again) == (3, 1, 1, 1, 1)
    assert found.violations == []


def test_an_event_that_is_applied_twice_is_found(tmp_path: Path) -> None:
    log = tmp_path / "estate.log"
    log.write_text("\n".join([pushed("evt_1", "applied")] * 2))

    assert effects(log).violations == ["applied 2 times: ('accounting', '/events/draft_invoice', 'evt_1')"]


def test_the_log_of_an_estate_that_forgets_what_it_handled_gives_itself_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "estate.log"
    with written(log):
        ordered_and_told_again(tmp_path / "honest")
        assert (effects(log).suppressed, effects(log).violations) == (1, [])
        monkeypatch.setattr(HandledRecord, "load", lambda _: None)  # no record is ever found
        ordered_and_told_again(tmp_path / "forgetful")

    [found] = effects(log).violations
    assert found.startswith("applied 2 times: ('accounting', '/events/draft_invoice', 'evt_")


@contextmanager
def written(log: Path) -> Iterator[None]:
    """Write the lines of requests to a file, as a process of the estate writes them."""
    lines, handler = logging.getLogger("boutique.requests"), logging.FileHandler(log)
    handler.setFormatter(JsonLines())
    lines.addHandler(handler)
    lines.setLevel(logging.INFO)
    yield
    lines.setLevel(logging.NOTSET)
    lines.removeHandler(handler)
    handler.close()


def ordered_and_told_again(data: Path) -> None:
    """Place an order; accounting's answer to its event is lost once, so that the event comes again."""
    estate = InProcess(data)
    lost = iter([ConnectionError("hung up")])

    def lose() -> None:
        if error := next(lost, None):
            raise error

    assert estate.place(basket())[0] == 201
    estate.after["accounting", "POST /events/draft_invoice"] = lose
    estate.deliver()
    estate.broker._file.write(lambda cursor: bool(cursor.execute("UPDATE deliveries SET due_at = 0").rowcount))
    estate.deliver()
    estate.close()


def test_an_event_whose_batch_did_not_settle_was_not_applied_twice(tmp_path: Path) -> None:
    log = tmp_path / "estate.log"
    log.write_text("\n".join([pushed("evt_1", "in-doubt"), pushed("evt_1", "applied"), pushed("evt_1", "suppressed")]))

    found = effects(log)

    assert (found.pushes, found.in_doubt, found.applied, found.suppressed, found.again) == (3, 1, 1, 1, 2)
    assert found.violations == []


def test_where_natural_keys_alone_keep_an_event_from_a_second_effect_its_function_runs_again(tmp_path: Path) -> None:
    log = tmp_path / "estate.log"
    again = pushed("evt_1", "applied", function="collect_event").replace("accounting", "data_warehouse")
    log.write_text("\n".join([again, again]))

    assert effects(log).violations == []


def test_figures_go_into_their_own_section_of_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n<!-- soak: embedded -->\n<!-- end of soak: embedded -->\nrest\n")
    found = Soak("embedded", 0, 1, 7, recoveries=[Recovery("worker", 0.5)])

    for _ in range(2):
        write(found, page, "2026-11-20", "make soak")

    text = page.read_text()
    assert text.startswith("# Page\n<!-- soak: embedded -->\n2026-11-20, `make soak`, on ")
    assert text.endswith("| violations | 0 |\n<!-- end of soak: embedded -->\nrest\n")
    assert "worker 1 times: 0.5, 0.5 s" in dict(rows(found))["`kill -9`, whole again after: median, longest"]
    with pytest.raises(ValueError, match="no section for emulators"):
        write(Soak("emulators", 0, 0, 7), page, "2026-11-20", "make soak")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An estate in which one customer's order was placed and paid; the story, its stores, its shelf."""
    estate = InProcess(tmp_path_factory.mktemp("settled"))
    customer = next(each for each in customers(100, 1) if each.kind == "plain")
    answer = estate.place(customer.body, customer.key)
    assert answer[0] == 201
    estate.own_warehouse()
    estate.deliver()
    for step in ("dispatch", "deliver"):
        for shipment in estate.get(f"/warehouse/shipments?order_id={answer[1]['order_id']}")["items"]:
            assert estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/{step}")[0] == 200
        estate.settle()
    yield estate, Story(customer, [answer])
    estate.close()
    close_all()


def wrong(estate: InProcess, *stories: Story) -> list[str]:
    shelf = Shelf.of(estate)  # type: ignore[arg-type]  (it reads by the same method)
    return of_the_orders(list(stories), lambda service: connect(service, estate.settings), shelf)


def test_an_order_that_went_its_whole_way_is_right(settled: Any) -> None:
    estate, story = settled

    assert wrong(estate, story) == []


def test_an_order_that_nobody_was_told_of_is_found(settled: Any) -> None:
    estate, story = settled

    assert wrong(estate) == [f"{story.order_id} was placed for nobody"]


def test_a_key_that_is_answered_differently_and_an_order_that_is_not_kept_are_found(settled: Any) -> None:
    estate, story = settled
    lost = Story(story.customer, [story.answers[0], (201, story.answers[0][1] | {"order_id": "ord_LOST"})])
    gone = Story(story.customer, [(201, {"order_id": "ord_GONE"})])

    found = wrong(estate, lost, gone)

    name = f"customer {story.customer.number} (plain)"
    assert f"{name}: the same key was answered differently: [(201, '{story.order_id}'), (201, 'ord_LOST')]" in found
    assert f"{name}: ord_GONE is None, expected ['delivered']" in found
    assert "ord_GONE is not kept" in found


@pytest.mark.estate
def test_nothing_is_lost_and_nothing_doubled_over_four_kills(tmp_path: Path) -> None:
    found = soak("embedded", orders=60, kills=4, seed=1, folder=tmp_path, tell=lambda _: None)

    assert found.violations == []
    assert [len(found.stories), len(found.recoveries), found.dead_letters] == [60, 4, 0]
    assert found.effects.applied > 60 * 20
