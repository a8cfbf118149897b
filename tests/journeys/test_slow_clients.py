"""The front door: clients that hold back what they announced keep nobody else waiting; HEAD is answered as GET."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection

import pytest

from tests.estate import RunningEstate
from tests.journeys.baskets import basket
from tests.journeys.shopping import refusal

pytestmark = pytest.mark.estate
CLIENTS = 50
HALF = b'{"customer": {"email": "slow@example.com"'


@pytest.fixture
def held_back(estate: RunningEstate) -> Iterator[list[socket.socket]]:
    """Clients that sent all headers, half a body, and now say nothing."""
    with ExitStack() as open_until_the_end:
        found = []
        for _ in range(CLIENTS):
            client = open_until_the_end.enter_context(socket.create_connection(("127.0.0.1", estate.port)))
            client.sendall(_head(estate) + HALF)
            found.append(client)
        yield found


def _head(estate: RunningEstate) -> bytes:
    lines = (
        "POST /checkout/orders HTTP/1.1",
        f"Host: 127.0.0.1:{estate.port}",
        f"Authorization: Bearer {estate.token('gke-checkout')}",
        "Idempotency-Key: slow",
        f"Content-Length: {2 * len(HALF)}",
    )
    return "\r\n".join((*lines, "", "")).encode()


def test_others_are_served_while_clients_hold_back_half_a_body(
    estate: RunningEstate, held_back: list[socket.socket]
) -> None:
    for number in range(20):
        assert estate.ask("GET", "/crm/health", caller=None).status_code == 200
        placed = estate.ask("POST", "/checkout/orders", basket(), caller="gke-checkout", key=f"beside-slow-{number}")
        assert placed.status_code == 201, placed.text
    estate.settle()

    for client in held_back:  # nobody was cut off: the rest comes, and is answered
        client.sendall(b" " * len(HALF))
    answers = [client.recv(65536) for client in held_back]
    assert {answer.split(b" ", 2)[1] for answer in answers} == {b"400"}


def test_half_a_body_of_a_client_that_leaves_is_nothing(estate: RunningEstate, held_back: list[socket.socket]) -> None:
    for client in held_back:
        client.close()

    assert estate.ask("GET", "/checkout/health", caller=None).status_code == 200
    assert refusal(estate.ask("POST", "/checkout/orders", caller="gke-checkout", key="slow")) == (422, "invalid")


@pytest.mark.parametrize("path", ["/crm/health", "/-/services", "/pricing/openapi.json", "/-/no/such/route"])
def test_head_is_answered_as_get_and_the_connection_stays_good(estate: RunningEstate, path: str) -> None:
    connection = HTTPConnection("127.0.0.1", estate.port, timeout=30)
    connection.request("GET", path)
    got = connection.getresponse()
    body = got.read()
    for _ in range(3):
        connection.request("HEAD", path)
        told = connection.getresponse()
        assert (told.status, told.read()) == (got.status, b"")
        assert told.getheader("Content-Length") == str(len(body))
        assert told.getheader("Content-Type") == got.getheader("Content-Type")
    connection.request("GET", path)
    assert json.loads(connection.getresponse().read()) == json.loads(body)
    connection.close()
