"""What the demo shows: steps in words, tables that fit 80 columns, progress with and without a terminal."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console, RenderableType

from shared.hosts.local.demo import report
from shared.hosts.local.demo.answers import Reply, Shipment
from shared.hosts.local.demo.books import Reconciliation, TrialBalance
from shared.hosts.local.demo.deeds import deeds
from shared.hosts.local.demo.journey import LEFT_OUT, PENDING
from shared.hosts.local.demo.judgement import Evidence
from shared.hosts.local.demo.orders import five
from shared.hosts.local.demo.progress import line, progress, table
from shared.hosts.local.demo.story import Story
from shared.hosts.local.demo.timeline import steps
from shared.manifest import manifest


def printed(shown: RenderableType, width: int = 80) -> list[str]:
    console = Console(file=StringIO(), width=width)
    console.print(shown)
    assert isinstance(console.file, StringIO)
    return [row.rstrip() for row in console.file.getvalue().splitlines()]


def test_an_orders_steps_come_by_time_and_in_words(story: Story) -> None:
    told = [(round(step.ms), step.who, step.what) for step in steps(story)]

    assert told == [
        (0, "customer", "sends the order: 2 sunglasses and a mug"),
        (0, "accounting", "drafts the invoice, without a number yet"),
        (8, "payment", "sets 57.51 USD aside on the card"),
        (14, "checkout", "answers 201: confirmed, 57.51 USD (fraud score 0)"),
        (20, "notification", "mails “Your order is confirmed”"),
        (30, "warehouse", "plans shipment 1 from reno-us: 1 parcel, 0.46 kg"),
        (50, "warehouse", "hands shipment 1 to Boutique Parcel"),
        (60, "accounting", "books the invoice: what is owed, and the tax in it"),
        (65, "notification", "mails “Your order is on its way”"),
        (70, "accounting", "books the goods from the shelf into transit"),
        (75, "payment", "takes 57.51 USD from the card"),
        (80, "accounting", "books the money: nothing is owed any more"),
        (90, "accounting", "issues invoice 2026-000001 over 57.51 USD"),
        (100, "warehouse", "sees shipment 1 delivered"),
        (110, "accounting", "books the revenue, now that the goods are there"),
        (111, "accounting", "books what the goods had cost"),
    ]


def test_an_answer_that_comes_again_is_told_as_such_and_waiting_once(story: Story) -> None:
    [answer] = story.replies
    waits = [Reply(409, {"code": "in_progress"}, ms) for ms in (3.0, 6.0)]
    twice = replace(story, basket=replace(story.basket, at_once=2), replies=[*waits, answer, replace(answer, ms=20.0)])

    told = [step.what for step in steps(twice) if step.who in ("checkout", "customer")]

    assert told == [
        "sends the order, twice at once: 2 sunglasses and a mug",
        "answers 409: in_progress",
        "answers 201: confirmed, 57.51 USD (fraud score 0)",
        "answers 201 again: the same order, no second",
    ]


def test_freight_says_when_it_comes(story: Story) -> None:
    freight: Shipment = story.documents.shipments[0].model_copy(update={"fulfilment": "freight"})
    slot = {"service_level": "kerbside", "slot_id": "us-9.2026-11-23.08-12"}
    freight = Shipment.model_validate({**freight.model_dump(), "delivery": slot})
    told = [step.what for step in steps(replace(story, documents=replace(story.documents, shipments=[freight])))]

    assert "plans shipment 1 from reno-us: 0.46 kg of freight" in told
    assert "hands shipment 1 to Boutique Parcel for 2026-11-23" in told


@pytest.mark.parametrize("width", [80, 120])
def test_tables_fit_the_screen(story: Story, evidence: Evidence, books: TrialBalance, width: int) -> None:
    said = deeds(evidence.change)
    for shown in (report.order_table(story), report.services_table(said, evidence.change), report.trial_balance(books)):
        assert max(map(len, printed(shown, width))) <= width


def test_an_orders_steps_take_a_line_each_at_80_columns(story: Story) -> None:
    assert len(printed(report.order_table(story))) == len(steps(story)) + 2


def test_every_service_has_its_part(evidence: Evidence) -> None:
    said = deeds(evidence.change)

    assert set(manifest().services) - set(said) == {"backoffice", "legacy_checkout"}, "nobody asks these here"
    assert said["payment"] == "set 57.51 USD aside on cards; took all of it in 1 capture"
    assert said["inventory"] == "set goods aside; 3 pieces left, 0 still held"
    assert said["accounting"] == "issued 1 invoice over 57.51 USD; made 5 journal entries"
    assert said["data_warehouse"] == "keeps every event: 20 of these orders"


def test_the_trial_balance_ends_with_its_sums(books: TrialBalance) -> None:
    last = printed(report.trial_balance(books))[-1].split()

    assert last == ["together", "115.02", "115.02", "0.00", "USD"]


def test_differences_are_shown() -> None:
    clean = Reconciliation(balanced=True, differences=[], checked=45)
    drift = Reconciliation(balanced=False, differences=[{"total": "sent.count", "events": 2}], checked=45)

    assert report.reconciled(clean).startswith("45 totals")
    assert "sent.count" in report.reconciled(drift)


def test_progress_fits_80_columns_when_every_cell_is_full() -> None:
    steps_taken = dict.fromkeys(("placed", "reviewed", "packed", "sent", "paid", "arrived", "booked"), "12345")
    cells = {basket.title: steps_taken for basket in five()} | {"declined card": {"placed": "declined"}}

    rows = printed(table(cells))

    assert max(map(len, rows)) <= 80
    assert not any("…" in row for row in rows)


def test_without_a_terminal_progress_is_lines() -> None:
    console = Console(file=StringIO(), width=80)
    with progress(console, ["plain", "declined card"]) as shown:
        for how in (PENDING, "14"):
            shown.reach("plain", "placed", how)
        shown.reach("plain", "reviewed", LEFT_OUT)
        shown.reach("declined card", "placed", "declined")

    assert isinstance(console.file, StringIO)
    assert console.file.getvalue() == "  plain: placed after 14 ms\n  declined card: declined\n"


def test_on_a_terminal_progress_is_a_table_that_fills_up() -> None:
    console = Console(file=StringIO(), width=80, force_terminal=True, color_system=None)
    with progress(console, ["plain"]) as shown:
        shown.reach("plain", "placed", "14")

    assert isinstance(console.file, StringIO)
    assert "plain" in console.file.getvalue()
    assert "14" in console.file.getvalue()


def test_a_line_names_the_step_and_its_time() -> None:
    assert line("plain", "packed", "31") == "  plain: packed after 31 ms"
    assert line("declined card", "placed", "declined") == "  declined card: declined"


def test_the_five_orders_are_what_was_promised() -> None:
    baskets = {basket.title: basket for basket in five()}

    assert list(baskets) == ["plain", "with furniture", "held for review", "declined card", "sent twice"]
    assert any(sku.startswith("FURN-") for sku in baskets["with furniture"].pieces)
    assert baskets["held for review"].email.endswith("@review.test")
    assert baskets["declined card"].body["payment"] == {"token": "tok_declined"}
    assert baskets["sent twice"].at_once == 2
    assert len({basket.email for basket in five()}) == 5
