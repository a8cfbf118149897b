"""PROMISES 4: one key, one effect, one answer; what is stored and what is not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from shared.http import invocation
from shared.http.records import IdempotencyRecord, request_token
from shared.http.service import Service
from tests.shared.http import bakery
from tests.shared.http.bakery import ASKED, ICED, Heard, Loaf, SpyingPublisher
from tests.shared.http.estate import Answered, Client

RYE = {"sku": "RYE", "price": {"currency": "USD", "amount": "4.50"}}
CAKE = "/cakes/ord_1/ice"


@pytest.fixture(autouse=True)
def nothing_iced() -> None:
    ASKED.clear()
    ICED.clear()


def baked(service: Service) -> int:
    found = service.database.get(Loaf, "RYE")
    return found.baked if found else 0


def record(service: Service, function: str, key: str, caller: str = "operator") -> IdempotencyRecord | None:
    return service.database.get(IdempotencyRecord, request_token(caller, function, key))


@pytest.mark.parametrize("path", ["/ordered", CAKE])
def test_a_missing_key_is_400_where_the_row_requires_one(client: Client, service: Service, path: str) -> None:
    answered = client.send("POST", path, RYE if path == "/ordered" else {})

    assert (answered.status, answered.code) == (400, "idempotency_key_missing")
    assert baked(service) == 0
    assert ASKED == []


@pytest.mark.parametrize("key", [" ", "a b", "a\x7f", "é", "k" * 201])
def test_a_key_is_up_to_200_visible_characters(client: Client, service: Service, key: str) -> None:
    answered = client.send("POST", "/ordered", RYE, key=key)

    assert (answered.status, answered.code) == (422, "invalid")
    assert answered.json["errors"] == [
        {"field": "Idempotency-Key", "message": "expected 1 to 200 visible ASCII characters"}
    ]
    assert baked(service) == 0


def test_without_a_key_each_request_counts_where_it_is_optional(client: Client, service: Service) -> None:
    assert [client.send("POST", "/loaves", RYE).json["baked"] for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("path", ["/loaves", "/ordered"])
def test_the_same_key_gives_the_same_answer(
    client: Client, service: Service, publisher: SpyingPublisher, clock: Any, path: str
) -> None:
    first = client.send("POST", path, RYE, key="k1")
    clock.advance(minutes=30)
    again = client.send("POST", path, RYE, key="k1")

    assert (again.status, again.body) == (first.status, first.body) == (201, first.body)
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"
    assert baked(service) == 1
    assert len(publisher.messages) == 1


def test_a_body_that_says_the_same_in_other_words_is_the_same(client: Client, service: Service) -> None:
    client.send("POST", "/loaves", RYE, key="k1")
    spaced = b' { "quantity" : 1, "price" : {"amount":"4.50","currency":"USD"}, "sku" : " RYE " } '

    assert client.send("POST", "/loaves", spaced, key="k1").status == 201
    assert baked(service) == 1


def test_another_body_under_a_known_key_is_refused(client: Client, service: Service) -> None:
    client.send("POST", "/loaves", RYE, key="k1")
    answered = client.send("POST", "/loaves", {**RYE, "quantity": 2}, key="k1")

    assert (answered.status, answered.code) == (422, "idempotency_key_reused")
    assert baked(service) == 1


def test_another_path_under_a_known_key_is_refused(client: Client) -> None:
    client.send("POST", "/cakes/ord_1/ice", {}, key="k1")
    answered = client.send("POST", "/cakes/ord_2/ice", {}, key="k1")

    assert answered.code == "idempotency_key_reused"
    assert ASKED == ["ord_1"]


def test_keys_count_per_caller(client: Client, service: Service) -> None:
    assert client.send("POST", "/loaves", RYE, key="k1").json["by"] == "operator"
    assert client.send("POST", "/loaves", RYE, key="k1", caller="checkout").json["by"] == "checkout"
    assert baked(service) == 2


def test_keys_count_per_route(client: Client, service: Service) -> None:
    client.send("POST", "/loaves", RYE, key="k1")
    client.send("POST", "/ordered", {**RYE, "quantity": 5}, key="k1")

    assert baked(service) == 6


@pytest.mark.parametrize(("path", "body"), [("/loaves", RYE), (CAKE, {})])
def test_a_refusal_is_stored_and_given_again(client: Client, path: str, body: dict[str, Any]) -> None:
    first = client.send("POST", path, {**body, "mood": "refuse"}, key="k1")
    again = client.send("POST", path, {**body, "mood": "refuse"}, key="k1")

    assert (first.status, first.code) == (409, "out_of_stock")
    assert first.json["lines"] == [{"sku": "RYE", "requested": 9, "available": 2}]
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Content-Type"] == "application/problem+json"
    assert again.headers["Idempotent-Replay"] == "true"


def test_a_refusal_leaves_no_effect_and_no_event(client: Client, service: Service, publisher: SpyingPublisher) -> None:
    client.send("POST", "/loaves", {**RYE, "mood": "refuse"}, key="k1")

    assert baked(service) == 0
    assert publisher.messages == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"sku": "RYE"}, 422),
        ({**RYE, "mood": "unavailable"}, 503),
        ({**RYE, "mood": "wait"}, 409),
        ({**RYE, "mood": "defect"}, 500),
        (b"{", 400),
    ],
)
def test_what_may_end_otherwise_later_is_not_stored(client: Client, service: Service, body: Any, status: int) -> None:
    assert client.send("POST", "/loaves", body, key="k1").status == status
    assert record(service, "bake_loaf", "k1") is None

    assert client.send("POST", "/loaves", RYE, key="k1").status == 201
    assert baked(service) == 1


def test_a_request_without_token_stores_nothing(client: Client, service: Service) -> None:
    assert client.send("POST", "/loaves", RYE, key="k1", caller=None).status == 401
    assert client.send("POST", "/loaves", RYE, key="k1", caller="warehouse").status == 403

    assert client.send("POST", "/loaves", RYE, key="k1").headers.get("Idempotent-Replay") is None


def test_in_progress_says_when_to_ask_again(client: Client) -> None:
    answered = client.send("POST", "/loaves", {**RYE, "mood": "wait"}, key="k1")

    assert (answered.status, answered.code) == (409, "in_progress")
    assert answered.headers["Retry-After"] == "7"


def test_an_answer_is_kept_for_seven_days(client: Client, service: Service, clock: Any) -> None:
    client.send("POST", "/loaves", RYE, key="k1")

    kept = record(service, "bake_loaf", "k1")
    assert kept is not None
    assert kept.expires_at == clock() + timedelta(days=7)
    clock.advance(days=8)
    assert client.send("POST", "/schedules/purge_expired", caller="scheduler").json == {"purged": 1}
    assert record(service, "bake_loaf", "k1") is None


def test_a_function_with_effects_outside_must_record_its_answer(client: Client, service: Service) -> None:
    answered = client.send("POST", CAKE, {"forget": True}, key="k1")

    assert (answered.status, answered.code) == (500, "internal")
    kept = record(service, "ice_cake", "k1")
    assert kept is not None
    assert (kept.subject, kept.status) == ("ord_1", None)


def test_a_request_that_stopped_half_way_is_taken_up_with_its_subject(client: Client) -> None:
    assert client.send("POST", CAKE, {"mood": "well", "forget": True}, key="k1").status == 500
    assert client.send("POST", CAKE, {"mood": "well", "forget": True}, key="k1").status == 500
    answered = client.send("POST", "/cakes/ord_2/ice", {}, key="k2")

    assert ASKED == ["ord_1", "ord_1", "ord_2"]
    assert answered.json["baked"] == 2


def at_once(count: int, send: Any) -> list[Answered]:
    start = Barrier(count)

    def one(_: int) -> Answered:
        start.wait()
        found: Answered = send()
        return found

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_twenty_at_once_have_one_effect_and_equal_answers(
    client: Client, service: Service, publisher: SpyingPublisher
) -> None:
    answers = at_once(20, lambda: client.send("POST", "/ordered", RYE, key="k1"))

    assert {(each.status, each.body) for each in answers} == {(201, answers[0].body)}
    assert sum("Idempotent-Replay" not in each.headers for each in answers) == 1
    assert baked(service) == 1
    assert len(publisher.messages) == 1


def test_twenty_sagas_at_once_have_one_effect(client: Client) -> None:
    answers = at_once(20, lambda: client.send("POST", CAKE, {}, key="k1"))

    running = [each for each in answers if each.status != 200]
    assert {each.code for each in running} <= {"in_progress"}
    assert all(int(each.headers["Retry-After"]) >= 1 for each in running)
    final = client.send("POST", CAKE, {}, key="k1")
    assert {each.body for each in answers if each.status == 200} == {final.body}
    assert list(ICED) == ["ord_1"]


def test_an_answer_given_meanwhile_comes_before_a_later_refusal(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between a refusal and its record, flour arrives and another request of the same key is answered."""
    body = {**RYE, "mood": "refuse"}
    meanwhile: list[Answered] = []

    def flour_arrives(*refused: Any) -> Any:
        monkeypatch.setattr(bakery, "behave", lambda mood: None)
        with ThreadPoolExecutor(1) as pool:
            meanwhile.append(pool.submit(client.send, "POST", "/loaves", body, key="k1").result())
        return keep_refusal(*refused)

    keep_refusal = invocation._refused
    monkeypatch.setattr(invocation, "_refused", flour_arrives)
    late = client.send("POST", "/loaves", body, key="k1")

    assert [each.status for each in meanwhile] == [201]
    assert (late.status, late.body) == (201, meanwhile[0].body)
    assert baked(service) == 1


def test_no_record_is_written_where_the_row_says_natural(client: Client, service: Service) -> None:
    assert client.send("POST", "/floor/sweep", key="k1").status == 204
    assert record(service, "sweep_floor", "k1") is None
    assert service.database.aggregate(Heard).count == 0
