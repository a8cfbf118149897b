"""The estate's own routes do something by POST alone."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shared.errors import NotFound, Unauthenticated
from shared.hosts.local.admin import Admin
from shared.http.request import Request
from shared.settings import Settings

DOING = ["/-/dead-letters/replay", "/-/archive/replay", "/-/schedules/accounting/number_invoices"]


@pytest.fixture
def admin(tmp_path: Path) -> Admin:
    estate: Any = SimpleNamespace(settings=Settings(data=tmp_path))
    broker: Any = SimpleNamespace()
    return Admin(estate, broker, lambda: {"status": "ready"})


def asked(method: str, path: str) -> Request:
    return Request({"REQUEST_METHOD": method, "PATH_INFO": path})


@pytest.mark.parametrize("path", DOING)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_does_nothing(admin: Admin, method: str, path: str) -> None:
    with pytest.raises(NotFound, match=f"there is no route {method} {path}"):
        admin.answer(asked(method, path))


@pytest.mark.parametrize("path", DOING)
def test_nobody_does_it_without_a_token(admin: Admin, path: str) -> None:
    with pytest.raises(Unauthenticated):
        admin.answer(asked("POST", path))
