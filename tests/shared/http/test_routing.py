"""Which function answers, and that everything else is problem+json."""

import json

import pytest

from shared.calls.signer import Signer
from shared.http.request import MAX_BODY
from shared.http.service import Service
from shared.http.wsgi import ServiceApp
from shared.settings import Settings
from shared.storage.connect import close_all
from shared.values.clock import Clock
from tests.shared.http.bakery import SECRET, Loaf
from tests.shared.http.estate import Client

RYE = {"sku": "RYE", "price": {"currency": "USD", "amount": "4.50"}}


def test_a_command_is_answered_as_its_row_says(client: Client, service: Service) -> None:
    answered = client.send("POST", "/loaves", {**RYE, "quantity": 3})

    assert answered.status == 201
    assert answered.json == {"sku": "RYE", "baked": 3, "by": "operator", "at": "2026-11-20T08:00:00.000000Z"}
    assert service.database.get(Loaf, "RYE") == Loaf(sku="RYE", baked=3)


def test_a_literal_path_comes_before_a_template(client: Client) -> None:
    assert client.send("GET", "/loaves", query="size=small").json["items"][0]["sku"] == "small"
    assert client.send("GET", "/loaves/RYE").json["baked"] == 0


def test_a_function_that_returns_nothing_answers_204(client: Client) -> None:
    answered = client.send("POST", "/floor/sweep")

    assert (answered.status, answered.body) == (204, b"")
    assert "Content-Type" not in answered.headers


def test_a_list_is_csv_for_whom_accepts_csv(client: Client) -> None:
    answered = client.send("GET", "/loaves", query="size=large", headers={"Accept": "text/csv"})

    assert answered.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answered.body == b"sku,baked\nlarge,0\n"


def test_a_list_is_a_pdf_for_whom_accepts_that_and_json_for_whom_it_is_not_written_for(client: Client) -> None:
    answered = client.send("GET", "/loaves", query="size=large", headers={"Accept": "application/pdf"})

    assert (answered.headers["Content-Type"], answered.body) == ("application/pdf", b"%PDF-1.7 of the shelf")
    for accept in ("text/html", "*/*", "image/svg+xml"):
        assert client.send("GET", "/loaves", query="size=large", headers={"Accept": accept}).json["items"]


def test_an_unknown_path_is_404(client: Client) -> None:
    answered = client.send("GET", "/cookies")

    assert (answered.status, answered.code) == (404, "not_found")
    assert answered.json["detail"] == "there is no route GET /cookies"


@pytest.mark.parametrize(
    ("path", "method", "right"),
    [("/loaves", "DELETE", "GET, HEAD, POST"), ("/ordered", "GET", "POST"), ("/loaves/RYE", "POST", "GET, HEAD")],
)
def test_another_method_is_405_and_says_what_is_right(client: Client, path: str, method: str, right: str) -> None:
    answered = client.send(method, path, {})

    assert (answered.status, answered.code) == (405, "method_not_allowed")
    assert answered.headers["Allow"] == right
    assert answered.json["detail"] == f"{path} answers {right}"


@pytest.mark.parametrize("path", ["/loaves/RYE", "/health", "/openapi.json", "/cookies"])
def test_head_is_answered_as_get_without_the_body(client: Client, path: str) -> None:
    got, told = client.send("GET", path), client.send("HEAD", path)

    assert (told.status, told.body) == (got.status, b"")
    assert told.headers == got.headers
    assert int(told.headers["Content-Length"]) == len(got.body) > 0


def test_half_a_body_is_refused_even_if_it_reads_like_a_whole_one(client: Client) -> None:
    answered = client.send("POST", "/loaves", RYE, headers={"Content-Length": "1000"})

    assert (answered.status, answered.code) == (400, "bad_request")
    assert answered.json["detail"].endswith("of 1000 bytes")


@pytest.mark.parametrize("path", ["/events/get_loaf", "/events/nothing", "/events/"])
def test_only_event_functions_take_pushes(client: Client, path: str) -> None:
    assert client.send("POST", path, {"message": {}}).status == 404


@pytest.mark.parametrize("path", ["/schedules/get_loaf", "/schedules/nothing"])
def test_only_scheduled_functions_are_run_by_the_scheduler(client: Client, path: str) -> None:
    assert client.send("POST", path).status == 404


def test_a_body_that_is_no_json_is_400(client: Client, service: Service) -> None:
    answered = client.send("POST", "/loaves", b'{"sku": "' + SECRET.encode())

    assert (answered.status, answered.code) == (400, "bad_request")
    assert SECRET not in answered.body.decode()
    assert service.database.get(Loaf, "RYE") is None


def test_a_body_of_another_media_type_is_415(client: Client) -> None:
    answered = client.send("POST", "/loaves", RYE, headers={"Content-Type": "text/plain"})

    assert (answered.status, answered.code) == (415, "unsupported_media_type")


def test_json_by_another_name_is_taken(client: Client) -> None:
    headers = {"Content-Type": "application/merge-patch+json; charset=utf-8"}

    assert client.send("POST", "/loaves", RYE, headers=headers).status == 201


def test_a_body_above_the_limit_is_413(client: Client) -> None:
    at_limit = json.dumps(RYE).encode().ljust(MAX_BODY)

    assert client.send("POST", "/loaves", at_limit).status == 201
    answered = client.send("POST", "/loaves", at_limit + b" ")
    assert (answered.status, answered.code) == (413, "too_large")


def test_a_defect_answers_a_reference_and_nothing_else(client: Client, service: Service) -> None:
    answered = client.send("POST", "/loaves", {**RYE, "mood": "defect"})

    assert answered.status == 500
    assert answered.json == {
        "type": "about:blank",
        "title": "internal error",
        "status": 500,
        "code": "internal",
        "detail": answered.json["detail"],
    }
    assert answered.json["detail"].startswith("This is our mistake. Its reference is ")
    assert SECRET not in answered.body.decode()
    assert service.database.get(Loaf, "RYE") is None


def test_what_every_service_has_needs_no_token(client: Client) -> None:
    assert client.send("GET", "/health", caller=None).json == {"service": "bakery", "status": "ok"}
    assert client.send("GET", "/openapi.json", caller=None).json == client.document


def test_what_is_outstanding_is_counted(settings: Settings, signer: Signer, clock: Clock) -> None:
    app = ServiceApp(Service("checkout", settings, clock=clock))
    client = Client(app, signer, settings.address("checkout"), clock, [])

    answered = client.send("GET", "/outstanding")

    assert answered.status == 200
    assert answered.json["outbox"] == 0
    assert set(answered.json.values()) == {0}
    close_all()
