"""The door of schedules, and the clock that comes with it."""

import pytest

from shared.http.service import Service
from tests.shared.http.bakery import Heard
from tests.shared.http.estate import Client


def test_a_scheduled_function_runs_as_of_the_present(client: Client, service: Service) -> None:
    answered = client.send("POST", "/schedules/air_out", caller="scheduler")

    assert (answered.status, answered.json) == (200, {"at": "2026-11-20T08:00:00.000000Z"})
    assert service.database.get(Heard, "air") == Heard(order_id="air", times=8)


@pytest.mark.parametrize("moment", ["2027-01-02T03:00:00Z", "2027-01-02T05:00:00+02:00"])
def test_it_runs_as_of_the_moment_that_is_sent(client: Client, service: Service, moment: str) -> None:
    answered = client.send("POST", "/schedules/air_out", {"now": moment}, caller="operator")

    assert answered.json == {"at": "2027-01-02T03:00:00.000000Z"}
    assert service.database.get(Heard, "air") == Heard(order_id="air", times=3)


@pytest.mark.parametrize("body", [{"now": "tomorrow"}, {"now": "2027-01-02T03:00:00"}, {"when": 1}])
def test_a_wrong_moment_is_refused(client: Client, service: Service, body: dict[str, object]) -> None:
    answered = client.send("POST", "/schedules/air_out", body, caller="operator")

    assert (answered.status, answered.code) == (422, "invalid")
    assert service.database.get(Heard, "air") is None


@pytest.mark.parametrize("now", ["0807-10-27T19:37:50Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"])
def test_a_time_from_which_nothing_can_be_reckoned_is_refused(client: Client, now: str) -> None:
    answered = client.send("POST", "/schedules/air_out", {"now": now}, caller="scheduler")

    assert (answered.status, answered.code) == (422, "invalid")
    assert answered.json["errors"][0]["field"] == "now"
