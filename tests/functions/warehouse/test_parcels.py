"""Packing: everything once, nothing too heavy or too full, in the smallest box that will do."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.warehouse.boxes import boxes, size_of
from functions.warehouse.parcels import PARCEL_LIMIT_G, Goods, Parcel, pack

SUNGLASSES, TANK_TOP, WATCH, LOAFERS = "OLJCESPC7Z", "66VCHSJNUP", "1YMWWN1N4O", "L9ECAV7KIM"
HAIRDRYER, MUG, TABLE = "2ZYFJ3GM2N", "6E92ZMYYFZ", "FURN-001"


def contents(parcels: tuple[Parcel, ...]) -> list[tuple[int, int, dict[str, int]]]:
    return [(each.parcel, each.weight_g, {line.sku: line.quantity for line in each.lines}) for each in parcels]


def stated(parcels: tuple[Parcel, ...]) -> list[tuple[str | None, int | None, int | None]]:
    return [(each.box, each.fill_percent, each.gross_g) for each in parcels]


@pytest.mark.parametrize(
    ("goods", "packed"),
    [
        # 2 x 170x70x60 + 130x100x110 = 2,858,000 mm3 of 250x175x100 = 4,375,000 mm3; 460 g + 110 g
        ([Goods(SUNGLASSES, 2, 60), Goods(MUG, 1, 340)], ("S", 65, 570)),
        # 330x220x120 = 8,712,000 of 375x300x135 = 15,187,500
        ([Goods(LOAFERS, 1, 900)], ("M", 57, 1160)),
        # with a hairdryer of 280x220x100 = 6,160,000 it is 98 % of M, above 85 %: 47 % of L = 31,500,000
        ([Goods(LOAFERS, 1, 900), Goods(HAIRDRYER, 1, 650)], ("L", 47, 1970)),
        # 300x250x30 is too long for S, however empty
        ([Goods(TANK_TOP, 1, 160)], ("M", 15, 420)),
        # nine mugs fill 12,870,000 of M, 84.7 %; nothing weighs more than its 8 kg
        ([Goods(MUG, 9, 340)], ("M", 85, 3320)),
        # three mugs would be 98 % of S
        ([Goods(MUG, 3, 340)], ("M", 28, 1280)),
    ],
)
def test_worked_examples_of_one_box(goods: list[Goods], packed: tuple[str, int, int]) -> None:
    assert stated(pack(goods, "parcel")) == [packed]


def test_more_than_the_largest_box_takes_is_split_by_volume_largest_piece_first() -> None:
    parcels = pack([Goods(WATCH, 4, 140), Goods(LOAFERS, 10, 900)], "parcel")  # XL: 81,600,000 mm3 at 85 %
    assert contents(parcels) == [(1, 8520, {LOAFERS: 9, WATCH: 3}), (2, 1040, {LOAFERS: 1, WATCH: 1})]
    assert stated(parcels) == [("XL", 85, 9500), ("M", 64, 1300)]


def test_freight_is_one_unit_per_piece_in_its_own_packing() -> None:
    parcels = pack([Goods(TABLE, 2, 48_000)], "freight")
    assert contents(parcels) == [(1, 48_000, {TABLE: 1}), (2, 48_000, {TABLE: 1})]
    assert stated(parcels) == [(None, None, 48_000)] * 2


def test_a_piece_that_no_box_holds_goes_alone() -> None:
    parcels = pack([Goods(TABLE, 1, 12_000), Goods(SUNGLASSES, 1, 60)], "parcel")
    assert contents(parcels) == [(1, 12_000, {TABLE: 1}), (2, 60, {SUNGLASSES: 1})]
    assert stated(parcels) == [(None, None, 12_000), ("S", 16, 170)]


def test_what_has_no_stated_size_is_packed_by_weight_alone_and_says_so() -> None:
    parcels = pack([Goods("POT", 3, 7000), Goods("PAN", 2, 6000), Goods("CUP", 1, 100)], "parcel")
    assert contents(parcels) == [(1, 20000, {"POT": 2, "PAN": 1}), (2, 13100, {"POT": 1, "PAN": 1, "CUP": 1})]
    assert stated(parcels) == [("XL", None, 20980), ("XL", None, 14080)]


def test_exactly_20_kg_is_one_parcel() -> None:
    assert len(pack([Goods("BRICK", 10, 2000)], "parcel")) == 1
    assert len(pack([Goods("BRICK", 10, 2000), Goods("PIN", 1, 1)], "parcel")) == 2


def test_a_piece_above_the_limit_goes_alone() -> None:
    assert contents(pack([Goods("ANVIL", 2, 25000), Goods("CUP", 1, 100)], "parcel")) == [
        (1, 25000, {"ANVIL": 1}),
        (2, 25000, {"ANVIL": 1}),
        (3, 100, {"CUP": 1}),
    ]


def test_boxes_grow_in_every_respect() -> None:
    for smaller, larger in zip(boxes(), boxes()[1:], strict=False):
        assert larger.admits(smaller.inner_mm)
        assert (larger.max_goods_g, larger.tare_g) > (smaller.max_goods_g, smaller.tare_g)
    assert boxes()[-1].max_goods_g == PARCEL_LIMIT_G


goods = st.builds(
    Goods,
    sku=st.sampled_from([SUNGLASSES, TANK_TOP, LOAFERS, HAIRDRYER, MUG, "UNSIZED-1", "UNSIZED-2"]),
    quantity=st.integers(1, 60),
    piece_g=st.integers(0, 30_000),
)


@given(st.lists(goods, min_size=1, max_size=5, unique_by=lambda each: each.sku))
def test_every_piece_is_packed_once_in_any_order_and_no_box_is_too_full(packed: list[Goods]) -> None:
    parcels = pack(packed, "parcel")
    assert pack(sorted(packed, key=lambda each: each.sku), "parcel") == parcels
    pieces: Counter[str] = Counter()
    by_sku = {each.sku: each for each in packed}
    for parcel in parcels:
        in_it = Counter({line.sku: line.quantity for line in parcel.lines})
        pieces += in_it
        assert parcel.weight_g == sum(by_sku[sku].piece_g * quantity for sku, quantity in in_it.items())
        if parcel.box is None:
            assert in_it.total() == 1
            continue
        (box,) = [each for each in boxes() if each.name == parcel.box]
        assert parcel.weight_g <= box.max_goods_g
        assert in_it.total() == 1 or parcel.fill_percent is None or parcel.fill_percent <= 85
        assert all(box.admits(size_of(sku)) for sku in in_it)
    assert pieces == Counter({each.sku: each.quantity for each in packed})
    assert [parcel.parcel for parcel in parcels] == list(range(1, len(parcels) + 1))
