"""The demo's estate: what goes wrong is told in words, with what the estate said."""

import pytest

from shared.hosts.local.demo import throwaway
from shared.hosts.local.demo.shop import Unexpected


def test_an_estate_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throwaway, "_free_port", lambda: 99999)

    with (
        pytest.raises(Unexpected, match=r"(?s)did not start.*a port is between 1 and 65535"),
        throwaway.throwaway_estate(),
    ):
        pytest.fail("it has no port to be at")
