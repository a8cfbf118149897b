"""422 by field: what would be right, never what was sent."""

from typing import Any

import pytest

from shared.http.service import Service
from tests.shared.http.bakery import SECRET, Loaf
from tests.shared.http.estate import Client

RYE = {"sku": "RYE", "price": {"currency": "USD", "amount": "4.50"}}


def errors(client: Client, body: Any) -> list[tuple[str, str]]:
    answered = client.send("POST", "/loaves", body)
    assert (answered.status, answered.code) == (422, "invalid")
    assert SECRET not in answered.body.decode()
    return [(each["field"], each["message"]) for each in answered.json["errors"]]


def test_an_unknown_field_is_named(client: Client, service: Service) -> None:
    assert errors(client, {**RYE, "colour": SECRET}) == [("colour", "is not known here; leave it out")]
    assert service.database.get(Loaf, "RYE") is None


def test_a_missing_field_is_named(client: Client) -> None:
    assert errors(client, {"sku": "RYE"}) == [("price", "is required")]
    assert errors(client, b"") == [("sku", "is required"), ("price", "is required")]


def test_a_wrong_type_is_named_with_what_is_right(client: Client) -> None:
    assert errors(client, {**RYE, "quantity": SECRET + "x"}) == [
        ("quantity", "Input should be a valid integer, unable to parse string as an integer")
    ]


def test_a_nested_field_is_named_by_its_path(client: Client) -> None:
    body = {**RYE, "flours": [{"kind": "rye", "grams": 500}, {"kind": "", "grams": 0, SECRET[:4]: SECRET}]}

    assert errors(client, body) == [
        ("flours.1.kind", "String should have at least 1 character"),
        ("flours.1.grams", "Input should be greater than or equal to 1"),
        ("flours.1.4111", "is not known here; leave it out"),
    ]


@pytest.mark.parametrize("price", [{"currency": "USD", "amount": "4.5"}, {"currency": "USD", "amount": 4.5}, SECRET])
def test_money_is_a_decimal_string_with_all_its_digits(client: Client, price: Any) -> None:
    [(field, message)] = errors(client, {**RYE, "price": price})

    assert field == "price"
    assert "decimal string" in message
    assert "{{" not in message


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_a_body_that_is_no_object_is_refused(client: Client, body: Any) -> None:
    raw = b"null" if body is None else body

    assert [field for field, _ in errors(client, raw)] == ["body"]


@pytest.mark.parametrize(
    ("path", "query", "field", "message"),
    [
        ("/loaves/RYE", "colour=4111", "colour", "is not known here; leave it out"),
        ("/loaves/RYE", "sku=WHEAT", "sku", "is not known here; leave it out"),
        ("/loaves/RYE", "limit=4111x", "limit", "Input should be a valid integer"),
        ("/loaves/RYE", "since=4111x", "since", "Input should be a valid datetime"),
        ("/loaves/RYE", "since=2026-11-20T08:00:00", "since", "Input should have timezone info"),
        ("/loaves/rye4111", "", "sku", "String should match pattern"),
        ("/loaves", "", "size", "is required"),
        ("/loaves", "size=4111", "size", "Input should be 'small' or 'large'"),
    ],
)
def test_a_wrong_parameter_is_named(client: Client, path: str, query: str, field: str, message: str) -> None:
    answered = client.send("GET", path, query=query)

    assert (answered.status, answered.code) == (422, "invalid")
    [error] = answered.json["errors"]
    assert error["field"] == field
    assert error["message"].startswith(message)
    assert "4111" not in answered.body.decode()


def test_all_wrong_parameters_are_named_at_once(client: Client) -> None:
    answered = client.send("GET", "/loaves/rye", query="limit=many&colour=red")

    assert sorted(each["field"] for each in answered.json["errors"]) == ["colour", "limit", "sku"]


def test_a_parameter_that_comes_twice_is_refused(client: Client) -> None:
    answered = client.send("GET", "/loaves/RYE", query="limit=1&limit=2")

    assert (answered.status, answered.code) == (400, "bad_request")


def test_parameters_are_typed_and_defaults_apply(client: Client) -> None:
    client.send("POST", "/loaves", {**RYE, "quantity": 9})

    assert client.send("GET", "/loaves/RYE").json["baked"] == 3
    answered = client.send("GET", "/loaves/RYE", query="limit=5&since=2026-01-01T01:00:00%2B01:00")
    assert (answered.json["baked"], answered.json["at"]) == (5, "2026-01-01T00:00:00.000000Z")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\u202e"])
def test_control_characters_in_text_are_refused_by_field(client: Client, service: Service, character: str) -> None:
    flours = [{"kind": "rye", "grams": 500}, {"kind": f"wh{character}eat", "grams": 1}]
    expected = f"holds the control character U+{ord(character):04X}; leave it out"
    assert errors(client, {**RYE, "flours": flours}) == [("flours.1.kind", expected)]
    assert service.database.get(Loaf, "RYE") is None
