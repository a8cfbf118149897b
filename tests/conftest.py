"""What every suite may use: a clock that stands until it is moved, and the rule for suites that need a server."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from shared.events import Envelope
from shared.hosts.local.emulators import FIRESTORE, PUBSUB
from shared.storage import Database
from shared.storage.connect import database_name
from shared.storage.instances import LocalInstance
from shared.storage.sqlite import SqliteDatabase
from tests.azurite import Azurite, NoAzurite
from tests.azurite import azurite as run_azurite
from tests.bqemulator import NotMade, bqemulator
from tests.emulators import emulated

# No deadline: a busy machine proves nothing about the code. CI draws the same examples every time.
settings.register_profile("ours", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.register_profile("nightly", deadline=None)
settings.load_profile("ours")

OpenOnce = Callable[..., Database]


class SettableClock:
    """Stands still; `advance(seconds=90)` moves it by a timedelta's arguments, `set` to a moment."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> datetime:
        self.moment += timedelta(**by)
        return self.moment

    def set(self, moment: datetime) -> None:
        self.moment = moment


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 11, 20, 8, tzinfo=UTC))


@pytest.fixture
def now(clock: SettableClock) -> datetime:
    return clock()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "firestore"),
        default="sqlite",
        help="where services under test keep their documents; firestore is Google's emulator",
    )


@pytest.fixture
def database_of(request: pytest.FixtureRequest, tmp_path: Path, clock: SettableClock) -> Iterator[OpenOnce]:
    """`database_of("crm")`: that service's own database, empty and on disk; the same one when asked again.

    `database_of("crm", "another")` is another database of that service.
    """
    instance = LocalInstance(tmp_path / "instances")
    opened: dict[tuple[str, str], Any] = {}
    emulator = request.config.getoption("--database") == "firestore" and request.getfixturevalue("firestore_emulator")
    run = f"t{secrets.token_hex(6)}"

    def open_once(service: str, copy: str = "only") -> Database:
        if (service, copy) not in opened:
            if emulator:
                opened[service, copy] = firestore(f"{run}-{copy}-", service, emulator, instance, clock)
            else:
                path = tmp_path / copy / f"{service}.db"
                opened[service, copy] = SqliteDatabase(path, service, instance, clock=clock)
        return opened[service, copy]

    yield open_once
    for database in opened.values():
        database.close()
    instance.close()


def firestore(prefix: str, service: str, emulator: str, instance: LocalInstance, clock: SettableClock) -> Database:
    from shared.storage.firestore import FirestoreDatabase
    from shared.storage.firestore_wire import FirestoreWire

    wire = FirestoreWire("local", database_name(service, prefix), emulator)
    return FirestoreDatabase(wire, service, instance, clock=clock)


@pytest.fixture
def emitted() -> Callable[[Database], list[Envelope]]:
    """`emitted(db)`: every event that its commits emitted so far, in their order; nothing here publishes them."""

    def read(database: Database) -> list[Envelope]:
        if isinstance(database, SqliteDatabase):
            rows = database.file.read("SELECT body FROM outbox ORDER BY rowid")
            return [Envelope.model_validate_json(body) for (body,) in rows]
        from shared.storage.firestore_wire import Query

        outbox = Query()
        outbox.from_.add(collection_id="outbox")
        found = database.wire.run(outbox)  # type: ignore[attr-defined]
        found.sort(key=lambda row: (row.create_time.ToNanoseconds(), row.fields["position"].integer_value))
        return [Envelope.model_validate_json(row.fields["_body"].string_value) for row in found]

    return read


@pytest.fixture(scope="session")
def require() -> Callable[[Any, str], None]:
    """`require(java, "no Java")`: a suite whose server is missing is skipped with its reason, and fails in CI."""

    def check(there: Any, reason: str) -> None:
        if there:
            return
        if os.environ.get("CI"):
            pytest.fail(f"CI must run this suite: {reason}")
        pytest.skip(reason)

    return check


@pytest.fixture(scope="session")
def firestore_emulator(require: Callable[[Any, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address (host:port) of Google's Firestore emulator; every test takes a database of its own in it."""
    missing = FIRESTORE.missing()
    require(not missing, missing)
    with emulated(FIRESTORE, tmp_path_factory.mktemp("firestore") / "emulator.log") as address:
        yield address


@pytest.fixture(scope="session")
def pubsub_emulator(require: Callable[[Any, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address (host:port) of Google's Pub/Sub emulator; every test takes a project of its own in it."""
    missing = PUBSUB.missing()
    require(not missing, missing)
    with emulated(PUBSUB, tmp_path_factory.mktemp("pubsub") / "emulator.log") as address:
        yield address


@pytest.fixture(scope="session", autouse=True)
def _estates_keep_their_documents_there(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--database") == "firestore":
        from tests.in_process import InProcess

        InProcess.parts = {"firestore": request.getfixturevalue("firestore_emulator")}


@pytest.fixture(scope="session")
def bigquery_emulator(require: Callable[[Any, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a BigQuery emulator; every test takes a dataset of its own in it."""
    with ExitStack() as running:
        try:
            address = running.enter_context(bqemulator(tmp_path_factory.mktemp("bqemulator") / "emulator.log"))
        except NotMade as reason:
            require(False, str(reason))
        yield address


@pytest.fixture(scope="session")
def azurite(require: Callable[[Any, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    """Microsoft's emulator of Azure's tables; every test takes a table of its own in it."""
    with ExitStack() as running:
        try:
            server = running.enter_context(run_azurite(tmp_path_factory.mktemp("azurite")))
        except NoAzurite as reason:
            require(False, str(reason))
        yield server


@pytest.fixture
def open_bigquery(bigquery_emulator: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Any]]:
    """Opens another store over the test's own dataset; on a busy machine the emulator may take its time."""
    import shared.analytics.bigquery
    from shared.analytics.bigquery import BigQueryStore

    monkeypatch.setattr(shared.analytics.bigquery, "CALL_S", 60.0)
    monkeypatch.setattr(shared.analytics.bigquery, "JOB_S", 120.0)
    monkeypatch.setattr(shared.analytics.bigquery, "_RETRY", shared.analytics.bigquery._RETRY.with_timeout(60.0))

    dataset = f"t{secrets.token_hex(8)}"
    opened: list[BigQueryStore] = []

    def open_one() -> BigQueryStore:
        opened.append(BigQueryStore("local", dataset, bigquery_emulator))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()
