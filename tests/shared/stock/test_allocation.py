"""From which locations an order is served."""

from shared.stock.allocation import split, whole
from tests.shared.stock.examples import JAR, MUG, NEWARK, RENO, VENLO

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


def test_a_line_is_split_in_the_order_of_preference():
    assert split({MUG: 10}, {MUG: {RENO: 3, NEWARK: 4, VENLO: 6}}, PREFERENCE) == {MUG: {RENO: 3, NEWARK: 4, VENLO: 3}}


def test_nothing_is_allocated_if_one_line_lacks_stock_everywhere():
    available = {MUG: {RENO: 3, NEWARK: 4, VENLO: 6}, JAR: {RENO: 99}}
    assert split({MUG: 14, JAR: 1}, available, PREFERENCE) is None
