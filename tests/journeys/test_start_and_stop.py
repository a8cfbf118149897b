"""Starting, ending, and starting again on the same data."""

import os
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from signal import SIGINT, SIGTERM
from time import monotonic, sleep

import pytest

from tests.estate import RunningEstate, running_estate
from tests.journeys.baskets import MUG, basket, new_email
from tests.journeys.books import assert_books_agree
from tests.journeys.shopping import place, send_order, stock

pytestmark = pytest.mark.estate
CLIENTS = 12


def test_sigterm_answers_what_is_in_flight_and_the_next_start_goes_on(tmp_path: Path) -> None:
    with running_estate(tmp_path) as estate:
        held = place(estate, basket((MUG, 1), email=new_email("review.test")))
        all_connected = threading.Barrier(CLIENTS + 1)

        def order_once_connected(_: int) -> tuple[int, str]:
            estate.ask("GET", "/-/health", caller=None)
            all_connected.wait()
            answer = send_order(estate, basket((MUG, 1)))
            return answer.status_code, answer.text

        estate.token("gke-checkout")
        with ThreadPoolExecutor(CLIENTS) as clients:
            answers = clients.map(order_once_connected, range(CLIENTS))
            all_connected.wait()
            sleep(0.05)
            assert estate.stop(keep_connections=True) == 0
            in_flight = list(answers)

        assert [status for status, _ in in_flight] == [201] * CLIENTS, in_flight
        assert "Traceback" not in estate.output
        assert estate.output.splitlines()[1:] == [], "it ends without a word"

        estate.start()
        estate.settle()

        assert stock(estate, MUG) == (3000, CLIENTS + 1)
        assert estate.get("/order_management/control-totals")["totals"]["orders.count"] == CLIENTS + 1
        assert (held.status, held.reservation()) == ("held", "firm")
        held.decide("approve")
        estate.settle()
        assert held.status == "confirmed"
        assert_books_agree(estate)
        assert estate.stop() == 0


def test_ctrl_c_ends_it_as_cleanly(tmp_path: Path) -> None:
    with running_estate(tmp_path) as estate:
        order = place(estate, basket((MUG, 1)))

        os.killpg(estate.pid, SIGINT)  # as a terminal does

        assert estate.wait(within_s=10) == 0
        assert estate.output.splitlines() == [f"ready {estate.url}"], "it ends without a word"
        assert estate.start().get(f"/checkout/orders/{order.id}") == order.answer


@pytest.mark.parametrize("after_s", [0.1, 0.5, 0.9, 1.5])
def test_sigterm_during_the_start_ends_it_soon_and_another_start_goes_on(tmp_path: Path, after_s: float) -> None:
    estate = RunningEstate(tmp_path)
    try:
        estate.launch()
        sleep(after_s)

        assert estate.stop(within_s=6) in (0, -SIGTERM)
        assert estate.start().stop(within_s=6) == 0
        assert "Traceback" not in estate.output
    finally:
        estate.kill()


def test_a_second_estate_on_the_same_folder_or_port_says_so_and_leaves_the_first_alone(estate: RunningEstate) -> None:
    folder, port = estate.data.parent, estate.port
    others = {
        f"another estate runs on {estate.data}; choose --data": SecondEstate(folder),
        f"port {port} is taken; choose --port": SecondEstate(folder.with_name("elsewhere"), port),
    }
    for line, other in others.items():
        assert other.ended() == (1, [line])
    order = place(estate, basket((MUG, 1)))
    estate.settle()
    assert order.status == "confirmed"


def test_a_data_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    estate = RunningEstate(tmp_path)
    estate.data.write_text("a file")

    assert estate.launch().wait(20) == 1
    assert estate.output.splitlines() == [f"{estate.data} cannot hold the data: File exists; choose --data"]


class SecondEstate(RunningEstate):
    """One that is not supposed to start; it logs beside the first."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        super().__init__(folder, port=port)
        self.log = folder / "second.log"

    def ended(self) -> tuple[int, list[str]]:
        """Return its exit code and what it said."""
        code = self.launch().wait(20)
        return code, self.output.splitlines()


@pytest.mark.parametrize(
    ("options", "about"),
    [
        (["--port", "0"], "a port is between 1 and 65535"),
        (["--port", "eighty"], "a port is between 1 and 65535"),
        (["--workers", "0"], "between 1 and 64 workers"),
        (["--fulfil", "maybe"], "invalid choice: 'maybe'"),
        (["--platform", "cloud"], "invalid choice: 'cloud'"),
    ],
)
def test_wrong_options_are_told(tmp_path: Path, options: list[str], about: str) -> None:
    estate = RunningEstate(tmp_path, *options)

    assert estate.launch().wait(20) == 2
    assert about in estate.output
    assert not estate.data.exists()


@pytest.mark.parametrize("after_s", [0.3, 0.5, 0.7])
@pytest.mark.parametrize("options", [[], ["--isolated"]])
def test_a_supervisor_that_is_killed_while_it_starts_leaves_nobody_behind(
    tmp_path: Path, options: list[str], after_s: float
) -> None:
    estate = RunningEstate(tmp_path, *options)
    try:
        supervisor = estate.launch()
        sleep(after_s)
        supervisor.kill()
        supervisor.wait()

        until = monotonic() + 8
        while alive(supervisor.pid) and monotonic() < until:
            sleep(0.1)
        assert alive(supervisor.pid) == []
    finally:
        estate.kill()


def alive(group: int) -> list[str]:
    """Return the commands of a process group."""
    listed = subprocess.run(["ps", "-eo", "pgid=,args="], capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 1) for line in listed.splitlines())
    return [command for number, command in rows if number == str(group)]
