"""One process owns the store; others reach it, learn when it is gone, and find it again; a kill loses nothing."""

import json
import os
import signal
import stat
import subprocess
import sys
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from shared.analytics import AnalyticalStore
from shared.analytics.duckdb import DuckDbStore
from shared.analytics.forwarding import ForwardingStore
from shared.analytics.owner import serve
from shared.errors import Unavailable
from shared.settings import Settings
from tests.contracts.analytical_store import COUNT, event

OWNER = """
import sys, time
from pathlib import Path
from shared.analytics.owner import serve
from shared.settings import Settings
serve(Settings(data=Path(sys.argv[1])))
print("owns", flush=True)
time.sleep(60)
"""


def test_the_owning_process_uses_its_store_directly_and_others_forward(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    stop = serve(settings)
    assert isinstance(AnalyticalStore.connect(settings), DuckDbStore)
    assert isinstance(AnalyticalStore.connect(Settings(data=tmp_path / "elsewhere")), ForwardingStore)
    stop()

    assert isinstance(AnalyticalStore.connect(settings), ForwardingStore)


def test_without_an_owner_it_is_unavailable(tmp_path: Path) -> None:
    store = ForwardingStore(tmp_path)
    with pytest.raises(Unavailable, match="no process owns the analytical store"):
        store.query(COUNT)

    stop = serve(Settings(data=tmp_path))
    assert store.query(COUNT) == [{"events": 0}]
    stop()
    with pytest.raises(Unavailable, match="no process owns the analytical store"):
        store.load([event()])


def test_an_owner_that_stays_silent_is_unavailable(tmp_path: Path) -> None:
    stop = serve(Settings(data=tmp_path))
    numbers = "UNNEST(GENERATE_ARRAY(1, 20000))"
    slow = f"SELECT COUNT(*) AS pairs FROM {numbers} AS a, {numbers} AS b WHERE a * b = 7"
    with pytest.raises(Unavailable, match=r"did not answer within 0\.05 s"):
        ForwardingStore(tmp_path, timeout_s=0.05).query(slow)
    stop()


def test_a_second_owner_is_refused(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "owns\n"
        with pytest.raises(Unavailable, match="owned by another process"):
            serve(Settings(data=tmp_path))
        process.kill()


def test_only_this_user_reads_the_key_and_nobody_speaks_without_it(tmp_path: Path) -> None:
    stop = serve(Settings(data=tmp_path))
    file = tmp_path / "analytics.owner"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(AuthenticationError):
        Client(json.loads(file.read_text())["socket"], family="AF_UNIX", authkey=b"guessed")
    assert ForwardingStore(tmp_path).query(COUNT) == [{"events": 0}]
    stop()


def test_what_was_loaded_survives_a_kill_and_the_next_owner_clears_up(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "owns\n"
        store = ForwardingStore(tmp_path)
        assert store.load([event(f"evt_{number}") for number in range(3)]) == 3
        left = Path(json.loads((tmp_path / "analytics.owner").read_text())["socket"])
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    with pytest.raises(Unavailable):
        store.query(COUNT)
    assert left.is_socket()
    stop = serve(Settings(data=tmp_path))
    assert store.query(COUNT) == [{"events": 3}]
    assert store.load([event("evt_1"), event("evt_9")]) == 1
    stop()
    assert not left.exists()


def test_a_data_folder_of_any_length_will_do(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 25)
    stop = serve(Settings(data=folder))
    socket = Path(json.loads((folder / "analytics.owner").read_text())["socket"])
    assert ForwardingStore(folder).query(COUNT) == [{"events": 0}]
    stop()
    assert not socket.parent.exists()
