"""The typed reader of triggers/."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.manifest import Subscription, manifest, service_row, subscriptions, topics

ROWS = """
service: bakery
about: Bread.
runs_on: cloud_run
network: serverless
functions:
  bake_bread:
    http: "POST /loaves/{loaf_id}"
    callers: [operator]
    idempotency: required
  count_loaves:
    event: ["order.confirmed", "shipment.dispatched", "order.approved"]
  throw_away:
    schedule: "0 22 * * *"
  watch_all:
    event: "*"
publishes: ["bread.baked"]
"""
TOPICS = """
topics:
  order-events: {about: Orders., aggregates: [order]}
  shipment-events: {about: Shipments., aggregates: [shipment]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bakery.yaml").write_text(ROWS)
    (tmp_path / "topics.yaml").write_text(TOPICS)
    (tmp_path / "networks.yaml").write_text("networks: {}\ncallers: {}\n")
    return tmp_path


def test_a_row_says_what_fires_it(folder: Path) -> None:
    rows = service_row("bakery", folder).functions

    assert {name: row.trigger for name, row in rows.items()} == {
        "bake_bread": "http",
        "count_loaves": "event",
        "throw_away": "schedule",
        "watch_all": "event",
    }
    assert (rows["bake_bread"].method, rows["bake_bread"].path) == ("POST", "/loaves/{loaf_id}")
    assert rows["bake_bread"].callers == ("operator",)
    assert rows["watch_all"].event == ("*",)


def test_one_subscription_for_each_function_and_topic(folder: Path) -> None:
    found = subscriptions(service_row("bakery", folder), topics(folder))

    assert [(each.name, each.types) for each in found] == [
        ("bakery.count_loaves.order-events", {"order.confirmed", "order.approved"}),
        ("bakery.count_loaves.shipment-events", {"shipment.dispatched"}),
        ("bakery.watch_all.order-events", None),
        ("bakery.watch_all.shipment-events", None),
    ]
    assert found[0].path == "/events/count_loaves"
    assert found[0].dead_letter_topic == "bakery.count_loaves.order-events.dead-letter"
    assert manifest(folder).subscriptions() == found


@pytest.mark.parametrize(
    ("types", "attributes", "wanted"),
    [
        ({"order.confirmed"}, {"ce-type": "order.confirmed"}, True),
        ({"order.confirmed"}, {"ce-type": "order.held"}, False),
        ({"order.confirmed"}, {}, False),
        (None, {"ce-type": "order.held"}, True),
        (None, {}, True),
    ],
)
def test_a_subscription_filters_by_type(types: set[str] | None, attributes: dict[str, str], wanted: bool) -> None:
    subscription = Subscription(
        name="s", topic="t", service="bakery", function="f", types=None if types is None else frozenset(types)
    )

    assert subscription.wants(attributes) is wanted


def test_an_event_type_without_topic_is_an_error(folder: Path) -> None:
    with pytest.raises(LookupError, match=r"no topic takes 'bread\.baked'"):
        topics(folder).of("bread.baked")


def test_a_service_without_rows_is_an_error(folder: Path) -> None:
    with pytest.raises(LookupError, match=r"no service 'butchery': butchery\.yaml is not in triggers/"):
        service_row("butchery", folder)


def test_the_file_name_is_the_service(folder: Path) -> None:
    (folder / "bakery.yaml").rename(folder / "butchery.yaml")

    with pytest.raises(ValueError, match=r"butchery\.yaml says service: bakery"):
        service_row("butchery", folder)


@pytest.mark.parametrize(
    ("found", "written", "complaint"),
    [
        ("about: Bread.", "about: Bread.\ncolour: brown", "colour"),
        ("callers: [operator]", "calers: [operator]", "calers"),
        ("POST /loaves", "BAKE /loaves", "http"),
        ("idempotency: required", "idempotency: perhaps", "idempotency"),
        ("runs_on: cloud_run", "runs_on: a_laptop", "runs_on"),
        ("service: bakery", "service: Bakery", "service"),
        ("about: Bread.", "about: Bread.\nscale: {min: -1}", "scale"),
    ],
)
def test_a_row_that_says_something_else_is_refused(folder: Path, found: str, written: str, complaint: str) -> None:
    (folder / "bakery.yaml").write_text(ROWS.replace(found, written))

    with pytest.raises(ValidationError, match=complaint):
        service_row("bakery", folder)


def test_callers_of_a_service_are_those_of_all_its_routes() -> None:
    services = {"checkout", "accounting", "data_warehouse", "legacy_checkout", "notification"}
    assert service_row("crm").callers == services | {"gke-checkout", "operator"}


def test_all_rows_are_read() -> None:
    assert sorted(manifest().services) == [
        "accounting", "backoffice", "checkout", "crm", "data_warehouse", "fraud", "furniture", "inventory",
        "legacy_checkout", "notification", "order_management", "payment", "pricing", "warehouse",
    ]  # fmt: skip


def test_a_row_asks_for_order_and_a_topic_gives_the_key(folder: Path) -> None:
    (folder / "topics.yaml").write_text(TOPICS.replace("[order]}", "[order], ordered: true}"))
    (folder / "bakery.yaml").write_text(ROWS.replace("  throw_away:", "    ordered: true\n  throw_away:"))

    ordered = {each.name: each.ordered for each in subscriptions(service_row("bakery", folder), topics(folder))}
    rows = topics(folder)

    assert ordered == {
        "bakery.count_loaves.order-events": True,
        "bakery.count_loaves.shipment-events": True,
        "bakery.watch_all.order-events": False,
        "bakery.watch_all.shipment-events": False,
    }
    assert rows.ordering_key("order.confirmed", "ord_1") == "ord_1"
    assert rows.sequence("order.confirmed", "ord_1") == "order-events/ord_1"
    assert (rows.ordering_key("shipment.planned", "ord_1"), rows.sequence("shipment.planned", "ord_1")) == ("", "")
