"""Every (caller, route) pair: who is named by the row gets past the door, everybody else is refused. Generated."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from shared.calls.signer import Signer
from shared.calls.transport import in_process
from shared.hosts.local.admin import Admin
from shared.hosts.local.front import Front
from shared.hosts.local.precedence import Precedence
from shared.hosts.local.publishing import PublishDoor
from shared.http.housekeeping import HOUSEKEEPING
from shared.manifest import manifest
from tests.in_process import InProcess

EVERYBODY = frozenset({"everybody"})
OPERATOR = frozenset({"operator"})
CALLERS = (*manifest().networks.callers, *manifest().services, "push", "scheduler", "a-stranger")
NOBODYS = {"order_id": "ord_none", "customer_id": "cus_none", "shipment_id": "shp_none"}


class Door(NamedTuple):
    method: str
    path: str
    callers: frozenset[str]
    by_network: bool = False
    """Whether its row lets in who brings no token at all."""


def doors() -> Iterator[Door]:
    """Every route of every service, and the estate's own."""
    for service in manifest().services.values():
        base, api = f"/{service.service}", "/api" if service.runs_on == "azure_functions" else ""
        for name, row in service.functions.items():
            if row.http:
                path = re.sub(r"{(.*?)}", lambda found: NOBODYS.get(found[1], "none"), row.path)
                open_to_network = service.admitted_as(row.callers) is not None
                yield Door(row.method, base + path, frozenset(row.callers), open_to_network)
            elif row.event:
                yield Door("POST", f"{base}/events/{name}", frozenset({"push", "operator"}))
                yield Door("POST", f"{base}/dry-run/{name}", OPERATOR)
            else:
                yield Door("POST", f"{base}/schedules/{name}", frozenset({"scheduler", "operator"}))
        for name in HOUSEKEEPING if not api else ():
            yield Door("POST", f"{base}/schedules/{name}", frozenset({"scheduler", "operator"}))
        yield Door("GET", f"{base}{api}/outstanding", OPERATOR)
        for path in ("health", "openapi.json"):
            yield Door("GET", f"{base}{api}/{path}", EVERYBODY)
    yield from own_doors()


def own_doors() -> Iterator[Door]:
    for path in ("health", "services", "subscriptions", "dead-letters", "idle", "jwks.json", "asyncapi.json"):
        yield Door("GET", f"/-/{path}", EVERYBODY)
    yield Door("POST", "/-/dead-letters/replay", OPERATOR)
    yield Door("POST", "/-/archive/replay", OPERATOR)
    yield Door("POST", "/-/no/such/route", OPERATOR)
    for topic in manifest().topics.topics:
        yield Door("POST", f"/-/topics/{topic}/publish", OPERATOR)
        publishers = {
            name
            for name, row in manifest().services.items()
            if any(manifest().topics.of(event_type) == topic for event_type in row.publishes)
        }
        yield Door("POST", f"/v1/projects/local/topics/{topic}:publish", frozenset(publishers))
    for service in manifest().services.values():
        for name, row in service.functions.items():
            if row.schedule:
                yield Door("POST", f"/-/schedules/{service.service}/{name}", OPERATOR)


DOORS = tuple(doors())


class House:
    """The front door of an estate in this process."""

    def __init__(self, estate: InProcess) -> None:
        broker = estate.broker
        admin = Admin(estate.estate, broker, lambda: {"status": "ready"})
        self._front = Front(estate.estate, admin, PublishDoor(broker, estate.settings), Precedence())
        self._estate, self._signer = estate, estate.estate.signer

    def token(self, caller: str, project: str | None = None) -> str:
        settings = self._estate.settings
        elsewhere = replace(settings, project=project or settings.project)
        signer = Signer(self._signer._pem, self._signer._key_id, elsewhere)
        return signer.token(caller, settings.estate, self._estate.clock())

    def knock(self, door: Door, token: str | None) -> int:
        """Return the status; the body is as empty as can be, so that who gets in does no harm."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = b"{}" if door.method != "GET" else b""
        return in_process(self._front, door.method, door.path, {}, body, headers, 60).status


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    estate = InProcess(tmp_path_factory.mktemp("house"))
    estate.own_warehouse()
    yield House(estate)
    estate.close()


def refused(status: int) -> bool:
    return status in (401, 403)


def test_there_is_a_door_for_every_row() -> None:
    rows = sum(len(service.functions) for service in manifest().services.values())
    assert len(DOORS) == len(set(DOORS)) > rows > 150


@pytest.mark.parametrize("caller", CALLERS)
def test_a_caller_gets_past_the_doors_whose_rows_name_it_and_no_other(house: House, caller: str) -> None:
    token = house.token(caller)
    found: dict[Door, Any] = {door: house.knock(door, token) for door in DOORS}

    named = {door for door in DOORS if caller in door.callers or door.callers == EVERYBODY}
    assert {door for door, status in found.items() if not refused(status)} == named
    assert {status for door, status in found.items() if door not in named} <= {403}
    assert [(door, status) for door, status in found.items() if status >= 500] == []


@pytest.mark.parametrize(("caller", "project"), [(None, None), ("operator", "somebody-elses"), ("checkout", "other")])
def test_who_is_nobody_here_gets_past_no_door(house: House, caller: str | None, project: str | None) -> None:
    token = house.token(caller, project) if caller else None

    closed = {door for door in DOORS if door.callers != EVERYBODY and not (door.by_network and token is None)}
    assert {house.knock(door, token) for door in closed} == {401}
