"""The sandbox gateway keeps the gateway's contract, and forgets nothing when its process ends."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from functions.payment.gateway import Gateway
from functions.payment.sandbox_gateway import SandboxGateway
from shared.settings import Settings
from shared.storage import Database
from shared.storage.connect import close_all
from tests.contracts.gateway import HUNDRED, A, GatewayContract


class TestSandboxGateway(GatewayContract):
    @pytest.fixture
    def gateway(self, database_of: Callable[[str], Database]) -> Gateway:
        return SandboxGateway(database_of("gateway"))


def test_keeps_its_own_store_over_a_restart(tmp_path: Path, now: datetime) -> None:
    settings = Settings(data=tmp_path)
    try:
        held = Gateway.connect(settings).authorize(A, "tok_visa", HUNDRED, now)
        close_all()
        assert Gateway.connect(settings).outcome(A, now) == held
    finally:
        close_all()
    assert (tmp_path / "gateway.db").is_file()
    assert not (tmp_path / "payment.db").exists()
