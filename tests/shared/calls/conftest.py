"""A service that is called: the same WSGI callable in this process and behind a real socket."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Lock, Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from shared.calls.http import HttpCalls
from shared.calls.signer import make_keys
from shared.http.request import Response
from shared.settings import Settings
from shared.storage.sqlite_file import SqliteFile

Handler = Callable[[dict[str, Any]], Response]


def answered(status: int = 200, **body: Any) -> Response:
    return Response(status, json.dumps(body).encode())


@dataclass
class Called:
    """A WSGI callable that answers by path and remembers every request."""

    handlers: dict[str, Handler] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    most_at_once: int = 0
    _running: int = 0
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        with self._lock:
            self.requests.append({**environ, "body": body})
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
        try:
            return self.handlers[environ["PATH_INFO"]](environ).send(start_response)
        finally:
            with self._lock:
                self._running -= 1


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = False


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def pricing() -> Called:
    return Called()


@pytest.fixture
def address(pricing: Called) -> Iterator[str]:
    """Where `pricing` listens."""
    with make_server("127.0.0.1", 0, pricing, _Server, _Quiet) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("identity")
    make_keys(Settings(data=folder))
    return folder


@pytest.fixture
def settings(keys: Path, address: str) -> Settings:
    return Settings(data=keys, issuer="https://online-boutique.local", addresses={"pricing": address})


@pytest.fixture
def over_sockets(settings: Settings, clock: Any) -> HttpCalls:
    return HttpCalls("checkout", settings, {}, clock)


@pytest.fixture
def in_process(settings: Settings, clock: Any, pricing: Called) -> HttpCalls:
    return HttpCalls("checkout", settings, {"pricing": pricing}, clock)


@pytest.fixture(params=["in process", "over sockets"])
def calls(request: pytest.FixtureRequest, in_process: HttpCalls, over_sockets: HttpCalls) -> HttpCalls:
    """Both ways keep the same promises."""
    return in_process if request.param == "in process" else over_sockets


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes "synced" whenever a database is made safe."""
    noted: list[str] = []
    honest = SqliteFile.sync

    def sync(file: SqliteFile) -> None:
        noted.append("synced")
        honest(file)

    monkeypatch.setattr(SqliteFile, "sync", sync)
    return noted
