"""Starting a service: what a cold process loads, and what it leaves for those who need it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shared.calls.signer import make_keys, public_keys_file, signer_of
from shared.settings import Settings, environment
from shared.values.clock import utc_now

ROOT = Path(__file__).parents[3]
STARTED = """
import json, sys
from shared.hosts.cloud_run import function
from shared.http.wsgi import service_app
from shared.settings import settings
function(sys.argv[1])
after_start = sorted(sys.modules)
from shared.calls.transport import wsgi_environ
answered = []
for path in sys.argv[3:]:
    environ = wsgi_environ("GET", path, "", b"", {"Authorization": "Bearer " + sys.argv[2]})
    service_app(sys.argv[1], settings())(environ, lambda status, headers: answered.append(status))
print(json.dumps([after_start, sorted(sys.modules), answered]))
"""
AT_START = {"jwt", "cryptography", "yaml", "sqlite3", "requests", "urllib3", "duckdb", "ulid"}
"""What no service needs before it is asked for something."""
FOR_A_GET = {
    "requests",
    "urllib3",
    "asyncio",
    "concurrent.futures.thread",
}
"""What reading needs neither: it calls nobody."""
DOORS = {f"shared.http.{each}" for each in ("events", "push", "schedules", "housekeeping", "openapi")}
OUTWARD = {"shared.calls.http", "shared.messaging.publisher", "shared.messaging.connect"}


@pytest.mark.parametrize(
    ("service", "route"),
    [
        ("inventory", "/control-totals"),
        ("checkout", "/control-totals"),
        ("accounting", "/trial-balance"),
        ("order_management", "/orders"),
        ("data_warehouse", "/reports"),
    ],
)
def test_a_cold_process_loads_what_its_first_request_needs(tmp_path: Path, service: str, route: str) -> None:
    settings = Settings(data=tmp_path / "keys", issuer="https://online-boutique.local")
    make_keys(settings)
    signer = signer_of(settings)
    assert signer is not None
    variables = {
        "BOUTIQUE_DATA": str(tmp_path),
        "BOUTIQUE_KEYS": str(public_keys_file(settings)),
        "PYTHONPATH": str(ROOT),
    }
    token = signer.token("operator", settings.address(service), utc_now())

    ran = subprocess.run(
        [sys.executable, "-c", STARTED, service, token, "/health", route],
        env={**environment(), **variables},
        capture_output=True,
        check=False,
        text=True,
    )

    assert ran.returncode == 0, ran.stderr
    after_start, after_request, answered = json.loads(ran.stdout)
    assert answered == ["200 OK", "200 OK"]
    assert {*after_start} & (AT_START | DOORS | OUTWARD) == set()
    assert not [name for name in after_start if name.startswith(f"functions.{service}.")]
    assert {*after_request} & (FOR_A_GET | DOORS | OUTWARD) == set()
