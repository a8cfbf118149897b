import pytest

from bench.goals import Goal, Row

AT_LEAST = Goal(100, 200, 400, "/s", rising=True)
AT_MOST = Goal(20, 10, 5, " ms")


@pytest.mark.parametrize(
    ("measured", "reached"), [(99.9, "no"), (100, "half"), (199.9, "half"), (200, "goal"), (400, "beyond")]
)
def test_names_the_furthest_mark_that_a_rate_reaches(measured: float, reached: str) -> None:
    assert AT_LEAST.row("accepted", measured).reached == reached


@pytest.mark.parametrize(
    ("measured", "reached"), [(20.1, "no"), (20, "half"), (10.1, "half"), (10, "goal"), (5, "beyond"), (1, "beyond")]
)
def test_names_the_furthest_mark_that_a_time_reaches(measured: float, reached: str) -> None:
    assert AT_MOST.row("p50", measured).reached == reached


def test_shows_the_marks_beside_the_measurement() -> None:
    assert AT_MOST.row("p50", 7.126) == Row("p50", "7.13 ms", "20 ms", "10 ms", "5 ms", "goal")
