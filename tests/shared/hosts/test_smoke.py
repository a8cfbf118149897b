"""What the smoke test asks for is what the services answer: held against all of them, in this process."""

import json
from pathlib import Path

from shared.hosts.smoke import smoke
from shared.manifest import manifest
from tests.in_process import InProcess


def test_every_service_that_lets_jobs_in_answers_well(tmp_path: Path) -> None:
    estate = InProcess(tmp_path)
    rows = manifest().services
    services = {name: name for name, row in rows.items() if row.runs_on == "cloud_run" and row.signs_in is None}

    def ask(service: str, path: str, body: bytes | None) -> int:
        method = "POST" if body else "GET"
        return estate.ask("operator", method, f"/{service}{path}", json.loads(body) if body else None).status

    wrong = smoke(services, ask, rounds=2)
    orders = json.loads(estate.ask("operator", "GET", "/order_management/orders").body)
    estate.close()

    assert wrong == []
    assert orders["items"] == []
