"""Packing: everything once, nothing too heavy, the heaviest first."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from functions.warehouse.parcels import PARCEL_LIMIT_G, Goods, Parcel, pack


def contents(parcels: tuple[Parcel, ...]) -> list[tuple[int, int, dict[str, int]]]:
    return [(each.parcel, each.weight_g, {line.sku: line.quantity for line in each.lines}) for each in parcels]


def test_light_goods_share_a_parcel() -> None:
    assert contents(pack([Goods("MUG", 3, 400), Goods("LAMP", 1, 2500)], "parcel")) == [
        (1, 3700, {"LAMP": 1, "MUG": 3})
    ]


def test_what_weighs_more_than_20_kg_together_is_split_heaviest_first() -> None:
    assert contents(pack([Goods("POT", 3, 7000), Goods("PAN", 2, 6000), Goods("CUP", 1, 100)], "parcel")) == [
        (1, 20000, {"POT": 2, "PAN": 1}),
        (2, 13100, {"POT": 1, "PAN": 1, "CUP": 1}),
    ]


def test_exactly_20_kg_is_one_parcel() -> None:
    assert len(pack([Goods("BRICK", 10, 2000)], "parcel")) == 1
    assert len(pack([Goods("BRICK", 10, 2000), Goods("PIN", 1, 1)], "parcel")) == 2


def test_a_piece_above_the_limit_goes_alone() -> None:
    assert contents(pack([Goods("ANVIL", 2, 25000), Goods("CUP", 1, 100)], "parcel")) == [
        (1, 25000, {"ANVIL": 1}),
        (2, 25000, {"ANVIL": 1}),
        (3, 100, {"CUP": 1}),
    ]


def test_freight_is_one_unit_per_piece() -> None:
    assert contents(pack([Goods("SOFA", 2, 60000), Goods("STOOL", 1, 4000)], "freight")) == [
        (1, 60000, {"SOFA": 1}),
        (2, 60000, {"SOFA": 1}),
        (3, 4000, {"STOOL": 1}),
    ]


goods = st.builds(
    Goods, sku=st.sampled_from(["A", "B", "C", "D"]), quantity=st.integers(1, 60), piece_g=st.integers(0, 30_000)
)


@given(st.lists(goods, min_size=1, max_size=4, unique_by=lambda each: each.sku))
def test_every_piece_is_packed_once_and_no_parcel_is_too_heavy(packed: list[Goods]) -> None:
    parcels = pack(packed, "parcel")
    pieces: Counter[str] = Counter()
    weights = {each.sku: each.piece_g for each in packed}
    for parcel in parcels:
        in_it = Counter({line.sku: line.quantity for line in parcel.lines})
        pieces += in_it
        assert parcel.weight_g == sum(weights[sku] * quantity for sku, quantity in in_it.items())
        assert parcel.weight_g <= PARCEL_LIMIT_G or in_it.total() == 1 or min(weights[sku] for sku in in_it) == 0
    assert pieces == Counter({each.sku: each.quantity for each in packed})
    assert [parcel.parcel for parcel in parcels] == list(range(1, len(parcels) + 1))
