"""The deploy zip, loaded, indexed and invoked by Microsoft's published Python runtime, with Azure's table beside it."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.data.tables import TableClient

from shared.hosts.azure import OWN_ROUTES
from shared.hosts.azure_package import PYTHON, make_package
from shared.manifest import service_row
from tests.azure_identity import AzureIdentity, azure_identity
from tests.azure_runtime import NoRuntime, Worker, runtime, worker
from tests.azurite import Azurite, access_token

ROOT = Path(__file__).parents[3]
RUNNING = f"{sys.version_info[0]}.{sys.version_info[1]}"
NOWHERE = "https://127.0.0.1:9/nowhere"
ORDER = {"order_id": "ord_1", "email": "ada@example.com", "total": {"currency": "USD", "amount": "50.00"}}


def interpreter(version: str) -> str | None:
    """A Python of this version: the one that runs this, or one that is on the path and works."""
    if version == RUNNING:
        return sys.executable
    tried = [
        shutil.which(f"python{version}"),
        *map(str, Path("~/.pyenv/versions").expanduser().glob(f"{version}.*/bin/python")),
    ]
    for python in filter(None, tried):
        if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
            return python
    return None


@pytest.fixture(scope="session", params=dict.fromkeys([RUNNING, PYTHON]))
def unzipped(request: Any, require: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The zip with wheels for the Python that runs it: this one, and the zip as it is deployed where 3.12 is."""
    version, python = request.param, interpreter(request.param)
    if python is None:
        pytest.skip(f"no Python {version} here: the zip's modules are run by {RUNNING}, with its wheels, alone")
    try:
        runtime()
        made = make_package("fraud", tmp_path_factory.mktemp("zip") / "fraud.zip", version)
    except (NoRuntime, subprocess.CalledProcessError) as missing:
        require(False, str(missing))
    app = tmp_path_factory.mktemp("wwwroot")
    zipfile.ZipFile(made).extractall(app)
    return app, python


@pytest.fixture(scope="session")
def identity() -> Iterator[AzureIdentity]:
    with azure_identity() as served:
        yield served


class SignedIn:
    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken(access_token(datetime.now(UTC)), int(datetime.now(UTC).timestamp()) + 3600)


@pytest.fixture
def table(azurite: Azurite) -> dict[str, str]:
    """A table of the test's own, and where the function app finds it."""
    name = f"t{secrets.token_hex(8)}"
    with TableClient(azurite.tables, name, credential=SignedIn(), connection_verify=str(azurite.certificate)) as made:
        made.create_table()
    return {
        "BOUTIQUE_TABLES": azurite.tables,
        "BOUTIQUE_TABLE": name,
        "REQUESTS_CA_BUNDLE": str(azurite.certificate),
    }


@pytest.fixture
def start(unzipped: tuple[Path, str], identity: AzureIdentity, tmp_path: Path) -> Any:
    app, python = unzipped
    usual = {**identity.variables, "BOUTIQUE_TABLES": NOWHERE}
    return lambda folder=app, **variables: worker(folder, tmp_path / "log", {**usual, **variables}, python)


@pytest.fixture
def fraud(start: Any, table: dict[str, str]) -> Iterator[Worker]:
    with start(**table) as running:
        yield running


@pytest.fixture
def post(fraud: Worker, identity: AzureIdentity) -> Callable[..., Any]:
    def send(path: str, body: Any, caller: str = "order_management") -> Any:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return fraud.ask("POST", path, sent, authorization=identity.bearer(caller), content_type="application/json")

    return send


def test_its_functions_are_the_rows_and_what_every_service_answers(start: Any) -> None:
    rows = {name: (row.path.removeprefix("/api/"), row.method) for name, row in service_row("fraud").functions.items()}
    with start() as fraud:
        found = fraud.found
        assert found["succeeded"] == [True, True]
        assert {name: (each["route"], each["methods"][0]) for name, each in found["functions"].items()} == {
            **rows,
            **{name: (route, "GET") for name, route in OWN_ROUTES.items()},
        }
        assert {each["auth"] for each in found["functions"].values()} == {"ANONYMOUS"}
        assert fraud.ask("GET", "/api/health").json == {"service": "fraud", "status": "ok"}
        assert fraud.ask("GET", "/api/openapi.json").json["info"]["title"] == "fraud"


def test_an_order_is_scored_once_and_its_transaction_counted_once(fraud: Worker, post: Any, identity: Any) -> None:
    first = post("/api/score", ORDER, "checkout")
    assert (first.status, first.json["decision"], first.json["score"]) == (200, "approve", 0)
    assert first.headers["content-type"] == "application/json"
    dearer = post("/api/score", {**ORDER, "total": {"currency": "USD", "amount": "50000.00"}}, "checkout")
    assert dearer.json == first.json

    told = {**ORDER, "decision": "approve", "occurred_at": "2026-11-20T08:00:00Z"}
    assert [post("/api/transactions", told).status for _ in range(2)] == [200, 200]
    totals = fraud.ask("GET", "/api/control-totals", authorization=identity.bearer("data_warehouse")).json["totals"]
    assert totals == {"transactions.count": 1, "transactions.total.USD": 5000}


def test_every_route_answers_from_the_table(fraud: Worker, post: Any, identity: AzureIdentity) -> None:
    outcome = {"order_id": "ord_1", "outcome": "good", "source": "review", "occurred_at": "2026-11-20T08:00:00Z"}
    assert post("/api/outcomes", outcome).json == {"order_id": "ord_1"}
    assert post("/api/score", ORDER, "checkout").status == 200
    table = json.loads((ROOT / "functions/fraud/rules.json").read_text())["versions"][-1]
    costs = {name: {"currency": "USD", "amount": "5.00"} for name in ("review_cost", "chargeback_fee")}
    period = {"since": "2026-01-01T00:00:00Z", "until": "2036-01-01T00:00:00Z", "margin": "0.3"}
    held = post("/api/backtests", {"rules": table, **period, **costs}, "operator")
    assert (held.status, held.json["orders"]) == (200, 1)
    assert fraud.ask("GET", "/api/outstanding", authorization=identity.bearer("operator")).json == {}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [(b"{", 400, "bad_request"), (b'{"order_id":"ord_1"}', 422, "invalid"), (b"", 422, "invalid")],
)
def test_bad_input_is_a_problem_and_never_a_500(post: Any, body: bytes, status: int, code: str) -> None:
    answered = post("/api/score", body)
    assert (answered.status, answered.json["code"]) == (status, code)
    assert answered.headers["content-type"] == "application/problem+json"


def test_without_a_good_token_nobody_is_answered(fraud: Worker, post: Any, identity: AzureIdentity) -> None:
    body, good = json.dumps(ORDER).encode(), identity.bearer("checkout")
    forged = good[:-8] + ("A" * 8)
    for headers in (
        {},
        {"authorization": "Bearer x.y.z"},
        {"authorization": forged},
        {"x_ms_client_principal": "e30="},
    ):
        answered = fraud.ask("POST", "/api/score", body, **headers)
        assert (answered.status, answered.json["code"]) == (401, "unauthenticated")
    assert post("/api/transactions", ORDER, "checkout").status == 403
    assert post("/api/backtests", {}, "checkout").status == 403


def test_a_table_out_of_reach_is_503_with_its_body(start: Any, identity: AzureIdentity) -> None:
    with start() as fraud:
        answered = fraud.ask(
            "POST", "/api/score", json.dumps(ORDER).encode(), authorization=identity.bearer("checkout")
        )
    assert (answered.status, answered.json["code"]) == (503, "unavailable")


def test_a_defect_of_ours_is_500_with_its_body(
    start: Any, unzipped: tuple[Path, str], table: dict[str, str], identity: AzureIdentity, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(unzipped[0], broken, copy_function=os.link)
    (broken / "functions/fraud/rules.json").unlink()
    (broken / "functions/fraud/rules.json").write_text("{")
    with start(broken, **table) as fraud:
        answered = fraud.ask(
            "POST", "/api/score", json.dumps(ORDER).encode(), authorization=identity.bearer("checkout")
        )
    assert (answered.status, answered.json["code"]) == (500, "internal")
    assert b"Traceback" not in answered.body


def test_the_sources_are_an_app_as_well_for_func_start(identity: AzureIdentity, tmp_path: Path, require: Any) -> None:
    """`cd functions/fraud && func start`, with .venv active: its path entry for the project makes `shared` known."""
    try:
        runtime()
    except NoRuntime as missing:
        require(False, str(missing))
    settings = json.loads((ROOT / "functions/fraud/local.settings.example.json").read_text())["Values"]
    variables = {**settings, "BOUTIQUE_DATA": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    with worker(ROOT / "functions/fraud", tmp_path / "log", variables, alone=False) as fraud:
        assert fraud.found["functions"].keys() >= service_row("fraud").functions.keys()
        assert fraud.ask("GET", "/api/health").status == 200
        assert fraud.ask("POST", "/api/score", b"{}").status == 401


def test_a_cold_worker_answers_soon(start: Any) -> None:
    """Seconds from the process's start, on whatever machine: a busy one needs several times the figures in the docs."""
    with start() as fraud:
        assert fraud.found["since_start_s"] < 30
        assert fraud.ask("GET", "/api/health").since_start_s < 30
