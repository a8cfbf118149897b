"""What every suite may use: a clock that stands until it is moved, and the rule for suites that need a server."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings

# No deadline: a busy machine proves nothing about the code. CI draws the same examples every time.
settings.register_profile("ours", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("ours")


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
