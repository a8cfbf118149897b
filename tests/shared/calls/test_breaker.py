"""After five failures in a row a service is left alone for five seconds, then tried once."""

import pytest

from shared.calls.breaker import FAILURES, OPEN_S, Breaker
from shared.errors import CallFailed


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def breaker(seconds: Seconds) -> Breaker:
    return Breaker(seconds)


def passes(breaker: Breaker) -> bool:
    try:
        breaker.before("pricing")
    except CallFailed:
        return False
    return True


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed()


def test_it_opens_after_five_failures_in_a_row(breaker: Breaker) -> None:
    fail(breaker, FAILURES - 1)
    assert passes(breaker)

    fail(breaker, 1)
    with pytest.raises(CallFailed, match="pricing failed 5 times in a row and is left alone for a moment"):
        breaker.before("pricing")


def test_an_answer_in_between_counts_anew(breaker: Breaker) -> None:
    fail(breaker, FAILURES - 1)
    breaker.succeeded()
    fail(breaker, FAILURES - 1)

    assert passes(breaker)


def test_after_five_seconds_a_single_call_may_try(breaker: Breaker, seconds: Seconds) -> None:
    fail(breaker, FAILURES)
    seconds.now += OPEN_S - 0.001
    assert not passes(breaker)

    seconds.now += 0.001
    assert [passes(breaker) for _ in range(3)] == [True, False, False]


def test_it_closes_when_that_call_is_answered(breaker: Breaker, seconds: Seconds) -> None:
    fail(breaker, FAILURES)
    seconds.now += OPEN_S
    assert passes(breaker)
    breaker.succeeded()

    assert [passes(breaker) for _ in range(3)] == [True, True, True]
    fail(breaker, FAILURES - 1)
    assert passes(breaker)


def test_it_stays_open_when_that_call_fails_too(breaker: Breaker, seconds: Seconds) -> None:
    fail(breaker, FAILURES)
    seconds.now += OPEN_S
    assert passes(breaker)
    breaker.failed()

    seconds.now += OPEN_S - 0.001
    assert not passes(breaker)
    seconds.now += 0.001
    assert passes(breaker)


def test_a_call_that_never_came_back_does_not_keep_it_open_for_good(breaker: Breaker, seconds: Seconds) -> None:
    fail(breaker, FAILURES)
    seconds.now += OPEN_S
    assert passes(breaker)

    seconds.now += OPEN_S
    assert passes(breaker)
