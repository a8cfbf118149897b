"""Orders and analytical store are built again from the archive: in order, shuffled, doubled; nothing differs.

The archive is that of every story the explorer knows: plain, furniture, held and approved or rejected or left lying,
refused in all ways, cancelled whole and in part, returned; some with faults on their way.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.data_warehouse import rebuild as warehouse
from functions.order_management import rebuild as orders
from shared.analytics.owner import serve
from shared.events import Envelope
from shared.settings import Settings
from tests.explorer.exploring import exploring
from tests.explorer.schedules import Fault, Schedule
from tests.explorer.stories import STORIES
from tests.explorer.world import World

DISTURBED = (
    Schedule("plain", 1, (Fault("shuffle"),)),
    Schedule("returned", 1, (Fault("shuffle"), Fault("twice", 7))),
    Schedule("approved", 1, (Fault("fraud-dead", 4),)),
    Schedule("denied", 1, (Fault("fraud-dead", 1),)),
    Schedule("cancelled-line", 1, (Fault("late", 20, 3),)),
)
SERVICES = {"order_management": orders, "data_warehouse": warehouse}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """An estate in which everything has happened that can happen to an order, at rest."""
    with exploring() as explorer, explorer.world() as world:
        for schedule in (*(Schedule(story) for story in STORIES), *DISTURBED):
            assert explorer.one(world, schedule) == [], schedule
        world.own_warehouse()
        for command in ("cancel", "returns"):  # refused: it leaves no fact
            delivered = world.get("/order_management/orders?status=delivered")["items"][0]["order_id"]
            asked = {"by": "grace", "reason": "too late", "lines": [{"sku": "NO-SUCH-SKU", "quantity": 1}]}
            assert world.post(f"/order_management/orders/{delivered}/{command}", asked)[0] == 409
        world.come_to_rest()
        yield world


@pytest.fixture(scope="module")
def archive(world: World) -> list[Envelope]:
    return list(all_of(world))


def all_of(world: World, **wanted: Any) -> Iterator[Envelope]:
    cursor = ""
    while True:
        query = "&".join(f"{name}={value}" for name, value in {**wanted, "limit": 100}.items())
        page = world.get(f"/data_warehouse/archive?{query}{cursor and f'&cursor={cursor}'}")
        yield from map(Envelope.model_validate, page["items"])
        if page["next_cursor"] is None:
            return
        cursor = page["next_cursor"]


@pytest.fixture
def empty(world: World, tmp_path: Path) -> Iterator[Settings]:
    """An empty folder, and whoever owns the analytical store in it."""
    settings = replace(world.settings, data=tmp_path)
    stop = serve(settings)
    yield settings
    stop()


def in_order(archive: list[Envelope]) -> list[Envelope]:
    return archive


def backwards(archive: list[Envelope]) -> list[Envelope]:
    return archive[::-1]


def shuffled_and_doubled(archive: list[Envelope]) -> list[Envelope]:
    doubled = archive + random.Random(7).choices(archive, k=len(archive))
    random.Random(7).shuffle(doubled)
    return doubled


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("told", [in_order, backwards, shuffled_and_doubled])
def test_what_is_rebuilt_has_the_same_hash(
    world: World, archive: list[Envelope], empty: Settings, service: str, told: Any
) -> None:
    kept = world.get(f"/{service}/content-hash")

    SERVICES[service].rebuild(told(archive), empty)

    found = SERVICES[service].content(empty)
    assert (found.counts, found.hash) == (kept["counts"], kept["hash"])


def test_the_archive_holds_every_kind_of_ending(world: World, archive: list[Envelope]) -> None:
    counts = world.get("/order_management/content-hash")["counts"]
    assert counts["orders"] >= len(STORIES)
    assert min(counts["reductions"], counts["returns"]) >= 2
    decided = {"order.approved", "order.rejected", "order.cancelled", "order.reduced", "order.return_refunded"}
    assert decided <= {each.type for each in archive}
    assert [each.id for each in archive] == [each.id for each in sorted(archive, key=lambda e: (e.time, e.id))]
    assert len({each.id for each in archive}) == len(archive)


def test_a_fact_that_is_missing_shows_in_the_hash(world: World, archive: list[Envelope], empty: Settings) -> None:
    [first, *_] = [each for each in archive if each.type == "order.approved"]

    orders.rebuild([each for each in archive if each is not first], empty)

    assert orders.content(empty).hash != world.get("/order_management/content-hash")["hash"]


def test_an_orders_own_part_of_the_archive_is_found(world: World, archive: list[Envelope]) -> None:
    order_id = next(each.data["order_id"] for each in archive if each.type == "order.return_refunded")

    own = list(all_of(world, order_id=order_id))
    dispatched = list(all_of(world, order_id=order_id, type="shipment.dispatched"))

    assert own == [each for each in archive if order_id in (each.data.get("order_id"), each.subject)]
    assert [each.type for each in dispatched] == ["shipment.dispatched"]
    [at] = [each.time for each in dispatched]
    bounds = {"since": at.isoformat().replace("+00:00", "Z"), "until": at.isoformat().replace("+00:00", "Z")}
    assert dispatched[0] in list(all_of(world, **bounds))
