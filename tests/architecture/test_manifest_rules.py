"""The rows, the folders and the code tell the same story."""

from pathlib import Path

import pytest

from shared.events import event_class
from shared.manifest import Manifest, manifest
from tests.architecture import rules

ROOT = Path(__file__).parents[2]
ROWS = manifest()
SERVICES = sorted(ROWS.services)
ANNOUNCED: set[str] = set()  # others listen for them already; what publishes them is not written yet
PUBLISHED = [(service, kind) for service, row in ROWS.services.items() for kind in row.publishes]


def test_every_folder_of_functions_has_its_rows() -> None:
    assert [folder.name for folder in rules.services(ROOT)] == SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_each_row_has_a_file_with_one_public_function_of_its_name(service: str) -> None:
    assert rules.folders_and_rows_agree(ROOT / "functions" / service, ROWS.services[service]) == []


@pytest.mark.parametrize("service", SERVICES)
def test_each_row_is_fired_by_exactly_one_thing(service: str) -> None:
    fired = {
        name: sum(map(bool, (row.http, row.event, row.schedule)))
        for name, row in ROWS.services[service].functions.items()
    }

    assert fired == dict.fromkeys(fired, 1)


@pytest.mark.parametrize("service", SERVICES)
def test_only_routes_have_callers_and_every_route_has_some(service: str) -> None:
    rows = ROWS.services[service].functions

    assert {name for name, row in rows.items() if row.callers} == {name for name, row in rows.items() if row.http}


@pytest.mark.parametrize("service", SERVICES)
def test_no_two_rows_share_a_route(service: str) -> None:
    routes = [row.http for row in ROWS.services[service].functions.values() if row.http]

    assert sorted(routes) == sorted(set(routes))


def test_every_event_type_has_one_publisher() -> None:
    kinds = [kind for _, kind in PUBLISHED]

    assert sorted(kinds) == sorted(set(kinds))


@pytest.mark.parametrize(("service", "kind"), PUBLISHED)
def test_every_published_type_has_a_class_a_sample_and_a_topic(service: str, kind: str) -> None:
    assert event_class(kind).type == kind
    assert (ROOT / "shared" / "events" / "samples" / f"{kind}.json").is_file()
    assert ROWS.topics.of(kind) in ROWS.topics.topics


def test_every_aggregate_belongs_to_one_topic() -> None:
    aggregates = [aggregate for row in ROWS.topics.topics.values() for aggregate in row.aggregates]

    assert sorted(aggregates) == sorted(set(aggregates))


@pytest.mark.parametrize("service", SERVICES)
def test_every_type_that_a_row_waits_for_is_published_by_someone(service: str) -> None:
    known = {kind for _, kind in PUBLISHED} | {"*"}
    rows = ROWS.services[service].functions.values()

    assert {kind for row in rows for kind in (*row.event, row.wakes_on or "*")} <= known


@pytest.mark.parametrize("service", SERVICES)
def test_callers_are_services_or_rows_of_networks(service: str) -> None:
    assert ROWS.services[service].callers <= {*ROWS.services, *ROWS.networks.callers}


def test_every_network_named_is_a_row_of_networks() -> None:
    named = {row.network for row in ROWS.services.values()} | {row.network for row in ROWS.networks.callers.values()}

    assert named <= set(ROWS.networks.networks)


def test_no_circle_of_services_call_each_other() -> None:
    callers = {service: set(row.callers) & set(ROWS.services) for service, row in ROWS.services.items()}

    assert rules.cycle(callers) == []


def test_a_circle_would_be_seen() -> None:
    assert rules.cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_makes_only_events_that_its_rows_say_it_publishes(service: str) -> None:
    made, _ = rules.events_in(ROOT / "functions" / service)

    assert made <= set(ROWS.services[service].publishes)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_names_every_event_that_its_rows_say_it_publishes(service: str) -> None:
    _, named = rules.events_in(ROOT / "functions" / service)

    assert set(ROWS.services[service].publishes) - ANNOUNCED <= named
    assert not ANNOUNCED & named & set(ROWS.services[service].publishes), "it is published now, and needs no excuse"


def test_order_is_asked_for_where_topics_give_it_and_given_only_where_a_row_asks() -> None:
    assert rules.order_is_asked_for_where_topics_give_it(ROWS) == []


def test_a_row_that_asks_an_unordered_topic_for_order_is_seen() -> None:
    def with_row(name: str, **changes: object) -> Manifest:
        notification_row = ROWS.services["notification"]
        functions = {**notification_row.functions, name: notification_row.functions[name].model_copy(update=changes)}
        services = {**ROWS.services, "notification": notification_row.model_copy(update={"functions": functions})}
        return ROWS.model_copy(update={"services": services})

    assert rules.order_is_asked_for_where_topics_give_it(with_row("notify_shipment", ordered=True)) == [
        "notification.notify_shipment asks for order, and shipment-events is not ordered"
    ]
    assert rules.order_is_asked_for_where_topics_give_it(with_row("send_pending", ordered=True)) == [
        "notification.send_pending asks for order and hears no event"
    ]
    assert rules.order_is_asked_for_where_topics_give_it(with_row("notify_order", ordered=False)) == [
        "order-events is ordered and no row asks for it"
    ]


def test_fraud_has_http_functions_only_and_publishes_nothing() -> None:
    fraud = ROWS.services["fraud"]

    assert {row.trigger for row in fraud.functions.values()} == {"http"}
    assert fraud.publishes == ()


def test_no_signature_has_a_transaction_and_an_effect_outside() -> None:
    assert rules.transactions_meet_nothing_outside(ROOT) == []


def test_nouns_import_no_capability() -> None:
    assert rules.nouns_import_no_capability(ROOT, ROWS) == []


@pytest.mark.parametrize("path", sorted((ROOT / "triggers").glob("*.yaml")), ids=lambda path: path.name)
def test_strings_that_are_no_plain_words_are_quoted(path: Path) -> None:
    assert rules.bare_strings(path) == []


@pytest.mark.parametrize(
    "bare", ["10:30", "014", "1e3", "09", "0o14", "2026-11-20", "n", "on", "Yes", "* * * * *", "512Mi"]
)
def test_a_bare_scalar_that_two_readers_read_differently_is_seen(tmp_path: Path, bare: str) -> None:
    file = tmp_path / "rows.yaml"
    file.write_text(f'a: "{bare}"\nb: "plain"\n')
    assert rules.bare_strings(file) == []

    if bare.startswith("*"):
        return  # no YAML at all without its quotes
    file.write_text(f"a: {bare}\n")
    assert rules.bare_strings(file) == [f"rows.yaml:1: quote {bare!r}"]
