"""Whatever happens to a request, what it says about a person does not come into the log."""

import importlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.telemetry.log import JsonLines
from tests.in_process import InProcess
from tests.planted import EVERYTHING, PLANTED, deliveries, found_in, order, refusals


class Lines(logging.Handler):
    """Keeps every line as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Every line of every logger, from INFO on."""
    root, found = logging.getLogger(), Lines()
    before = root.level
    root.addHandler(found)
    root.setLevel("INFO")
    yield found
    root.removeHandler(found)
    root.setLevel(before)


@pytest.fixture
def estate(tmp_path: Path, lines: Lines) -> Iterator[InProcess]:
    found = InProcess(tmp_path)
    found.own_warehouse()
    yield found
    found.close()


def test_refusals_and_dead_letters_say_nothing_of_what_was_sent(estate: InProcess, lines: Lines) -> None:
    statuses = set()
    for sent in (*refusals(), *deliveries()):
        service = sent.path.split("/")[1]
        if service in estate.estate.services:
            statuses.add(estate.ask(sent.caller, sent.method, sent.path, sent.body, **sent.headers).status)
    estate.deliver()
    estate.sweep()

    assert {201, 204, 401, 404, 415, 422} <= statuses
    assert len(lines.written) > 50
    assert found_in("\n".join(lines.written)) == {}


@pytest.mark.parametrize(
    ("module", "function"),
    [
        ("functions.crm.resolve_customer", "resolve_customer"),
        ("functions.payment.authorize_payment", "authorize_payment"),
        ("functions.warehouse.plan_shipments", "plan_shipments"),
    ],
)
def test_a_defect_is_told_by_its_place_and_not_by_what_it_says(
    tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch, module: str, function: str
) -> None:
    room = importlib.import_module(module)
    sound = getattr(room, function)

    def defect(*args: Any, **kwargs: Any) -> Any:
        try:
            {}[EVERYTHING]  # type: ignore[index]
        except KeyError as error:
            error.add_note(EVERYTHING)
            raise ValueError(f"could not cope with {EVERYTHING}") from error

    defect.__signature__ = importlib.import_module("inspect").signature(sound)  # type: ignore[attr-defined]
    defect.__annotations__ = sound.__annotations__
    defect.__wrapped__ = sound  # type: ignore[attr-defined]
    monkeypatch.setattr(room, function, defect)
    estate = InProcess(tmp_path)
    estate.place(order())
    estate.deliver()
    estate.close()

    failed = [line for line in lines.written if "ValueError" in line]
    assert failed, "the defect was met"
    assert "KeyError" in failed[0]
    assert found_in("\n".join(lines.written)) == {}


def test_what_is_planted_would_be_found() -> None:
    assert found_in(EVERYTHING).keys() == PLANTED.keys()
