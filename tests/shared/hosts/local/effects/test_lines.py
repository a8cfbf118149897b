"""Which recorded lines are an order's."""

from shared.hosts.local.effects.lines import Line, of_order


def line(span: str, trace: str, method: str, at: int, **known: str) -> Line:
    return {"span": span, "trace": trace, "method": method, "at": at, "ms": 1.0, **known}


PLACED = line("a1", "a", "POST", 1, order="ord_1")
ASKED = line("a2", "a", "GET", 2, order="ord_1", parent="a1")


def test_whoever_only_looked_at_an_order_had_no_effect():
    looked = [line(f"b{each}", "b", "GET", 3, order="ord_1", parent="a-page") for each in range(3)]
    assert of_order([PLACED, ASKED, *looked], "ord_1") == [PLACED, ASKED]


def test_what_a_person_did_on_a_page_is_the_orders():
    approved = line("c1", "c", "POST", 3, order="ord_1", parent="a-page")
    assert of_order([PLACED, approved], "ord_1") == [PLACED, approved]
