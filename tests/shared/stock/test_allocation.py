"""From which locations an order is served."""

from hypothesis import given
from hypothesis import strategies as st

from shared.stock.allocation import split, whole
from tests.shared.stock.examples import JAR, MUG, NEWARK, RENO, VENLO

CUP = "CUP"
PREFERENCE = [RENO, NEWARK, VENLO]


def test_the_first_preferred_location_that_has_everything_serves_the_whole_order():
    available = {MUG: {RENO: 5, NEWARK: 5}, JAR: {RENO: 1, NEWARK: 2}}
    assert whole({MUG: 1, JAR: 1}, available, PREFERENCE) == {MUG: {RENO: 1}, JAR: {RENO: 1}}
    assert whole({MUG: 1, JAR: 2}, available, PREFERENCE) == {MUG: {NEWARK: 1}, JAR: {NEWARK: 2}}
    assert whole({MUG: 6, JAR: 1}, available, PREFERENCE) is None


def test_an_order_is_split_by_line_before_a_line_is_split():
    available = {MUG: {RENO: 3, NEWARK: 0, VENLO: 9}, JAR: {RENO: 0, NEWARK: 4, VENLO: 0}}
    assert split({MUG: 3, JAR: 4}, available, PREFERENCE) == {MUG: {RENO: 3}, JAR: {NEWARK: 4}}
    assert split({MUG: 8, JAR: 1}, available, PREFERENCE) == {MUG: {VENLO: 8}, JAR: {NEWARK: 1}}


def test_a_line_is_split_over_as_few_locations_as_can_serve_it_and_of_those_the_nearest():
    available = {MUG: {RENO: 3, NEWARK: 4, VENLO: 6}}
    assert split({MUG: 7}, available, PREFERENCE) == {MUG: {RENO: 3, NEWARK: 4}}
    assert split({MUG: 8}, available, PREFERENCE) == {MUG: {RENO: 3, VENLO: 5}}
    assert split({MUG: 10}, available, PREFERENCE) == {MUG: {NEWARK: 4, VENLO: 6}}
    assert split({MUG: 11}, available, PREFERENCE) == {MUG: {RENO: 3, NEWARK: 4, VENLO: 4}}


def test_a_line_joins_the_location_from_which_another_must_come():
    """Three shipments would do it from nearer by; two do it as well."""
    available = {MUG: {NEWARK: 5}, JAR: {RENO: 5, NEWARK: 5}, CUP: {VENLO: 5}}
    assert split({MUG: 1, JAR: 1, CUP: 1}, available, PREFERENCE) == {
        MUG: {NEWARK: 1},
        JAR: {NEWARK: 1},
        CUP: {VENLO: 1},
    }
    assert split({JAR: 1, CUP: 1}, available, PREFERENCE) == {JAR: {RENO: 1}, CUP: {VENLO: 1}}


counts = st.fixed_dictionaries({place: st.integers(0, 4) for place in PREFERENCE})


@given(st.fixed_dictionaries({MUG: counts, JAR: counts}), st.integers(1, 6), st.integers(1, 6))
def test_whatever_there_is_the_order_is_served_in_full_and_never_beyond_what_is_there(available, mugs: int, jars: int):
    demand = {MUG: mugs, JAR: jars}
    chosen = split(demand, available, PREFERENCE)
    enough = all(sum(available[sku].values()) >= quantity for sku, quantity in demand.items())
    assert (chosen is not None) == enough
    for sku, places in (chosen or {}).items():
        assert sum(places.values()) == demand[sku]
        assert all(0 < pieces <= available[sku][place] for place, pieces in places.items())
    alone = whole(demand, available, PREFERENCE)
    assert alone is None or alone == chosen


def test_nothing_is_allocated_if_one_line_lacks_stock_everywhere():
    available = {MUG: {RENO: 3, NEWARK: 4, VENLO: 6}, JAR: {RENO: 99}}
    assert split({MUG: 14, JAR: 1}, available, PREFERENCE) is None
