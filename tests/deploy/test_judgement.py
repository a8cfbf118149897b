"""A canary is promoted or rolled back by its errors and its latency beside those of the revision before it."""

import pytest

from deploy.gcloud import Traffic
from deploy.judgement import Figures, Verdict, figures, judge
from tests.deploy.recorded import counted, timed

SPLIT = {
    "crm": Traffic("crm-00007-old", "crm-00008-new"),
    "checkout": Traffic("checkout-00003-old", "checkout-00004-new"),
}
GOOD = {
    "crm-00007-old": Figures(900, 2, 80.0),
    "crm-00008-new": Figures(100, 0, 95.0),
    "checkout-00003-old": Figures(450, 0, 300.0),
    "checkout-00004-new": Figures(50, 0, 310.0),
}


def test_figures_are_read_from_monitorings_answers() -> None:
    counts = {
        "timeSeries": [
            counted("crm-00007-old", "2xx", 880),
            counted("crm-00007-old", "4xx", 18),
            counted("crm-00007-old", "5xx", 2),
            counted("crm-00008-new", "2xx", 100),
        ],
        "unit": "1",
    }

    found = figures(counts, {"timeSeries": [timed("crm-00007-old", 80.0), timed("crm-00008-new", 95.5)]})

    assert found == {"crm-00007-old": Figures(900, 2, 80.0), "crm-00008-new": Figures(100, 0, 95.5)}


def test_without_requests_monitoring_answers_nothing() -> None:
    assert figures({}, {"unit": "ms"}) == {}


def test_promotes_what_is_as_good_as_before() -> None:
    assert judge(SPLIT, GOOD, True) == Verdict(True, ())


@pytest.mark.parametrize(
    ("canary", "reasons"),
    [
        (Figures(100, 1, 95.0), ()),
        (Figures(100, 2, 95.0), ("crm: 2.0% of 100 requests failed, 1.0% may",)),
        (Figures(100, 0, 220.0), ()),
        (Figures(100, 0, 221.0), ("crm: p95 is 221 ms, 220 ms may be",)),
        (Figures(19, 0, 5000.0), ()),
        (Figures(19, 1, 95.0), ("crm: 1 of only 19 requests failed",)),
        (Figures(20, 1, 999.0), ("crm: 5.0% of 20 requests failed, 1.0% may", "crm: p95 is 999 ms, 220 ms may be")),
    ],
)
def test_rolls_back_for_errors_and_for_slowness(canary: Figures, reasons: tuple[str, ...]) -> None:
    assert judge(SPLIT, {**GOOD, "crm-00008-new": canary}, True) == Verdict(not reasons, reasons)


def test_a_canary_may_fail_twice_as_often_as_one_that_fails_already() -> None:
    found = {**GOOD, "crm-00007-old": Figures(900, 45, 80.0)}

    assert judge(SPLIT, {**found, "crm-00008-new": Figures(100, 10, 95.0)}, True).promote
    assert not judge(SPLIT, {**found, "crm-00008-new": Figures(100, 11, 95.0)}, True).promote


def test_one_bad_service_rolls_all_back() -> None:
    verdict = judge(SPLIT, {**GOOD, "checkout-00004-new": Figures(50, 5, 310.0)}, True)

    assert verdict == Verdict(False, ("checkout: 10.0% of 50 requests failed, 1.0% may",))


def test_a_smoke_test_that_failed_rolls_back_whatever_the_figures() -> None:
    assert judge(SPLIT, GOOD, False) == Verdict(False, ("the smoke test did not pass",))


def test_a_service_without_a_canary_is_not_promoted_unseen() -> None:
    assert judge({"crm": Traffic("crm-00007-old", None)}, GOOD, True) == Verdict(False, ("crm: there is no canary",))
