"""Packing: standard goods into boxes by size and weight, furniture as one consignment unit per piece.

First fit decreasing: the largest piece first, each into the first box that has room; at the end every box is swapped
for the smallest that holds the same. What goes together is judged by edges, volume and weight, not by a plan of the
box; hence the limit on how full it may be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.warehouse.boxes import Box, Size, boxes, size_of, volume_of

PARCEL_LIMIT_G = 20_000
"""20 kg: what the usual parcel carriers take without a surcharge; the limit of the largest box."""

Fulfilment = Literal["parcel", "freight"]

OWNERS: dict[Fulfilment, str] = {"parcel": "inventory", "freight": "furniture"}
"""Who holds the goods, by how they are shipped."""


class PackedLine(BaseModel):
    """Pieces of a SKU in a parcel."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    sku: str
    quantity: int = Field(ge=1)


class Parcel(BaseModel):
    """One parcel or consignment unit; `parcel` counts from 1 within its shipment, `weight_g` is the goods' weight.

    `box` is None for what goes in its own packing; `fill_percent` is None then, and where a piece's size is not known.
    """

    model_config = ConfigDict(frozen=True, defer_build=True)

    parcel: int = Field(ge=1)
    weight_g: int
    lines: tuple[PackedLine, ...]
    box: str | None = None
    fill_percent: int | None = None
    gross_g: int | None = None


@dataclass(frozen=True)
class Goods:
    """Pieces of a SKU to be packed; `piece_g` is the weight of one, `size` its edges as the catalogue has them."""

    sku: str
    quantity: int
    piece_g: int

    @property
    def size(self) -> Size | None:
        """The edges of one piece in mm, longest first, or None if nobody stated them."""
        return size_of(self.sku)

    @property
    def piece_mm3(self) -> int:
        """The volume of one piece; 0 if its size is not known."""
        return volume_of(self.sku)


def pack(goods: Sequence[Goods], fulfilment: Fulfilment) -> tuple[Parcel, ...]:
    """Pack all pieces: freight piece by piece, others into boxes; the same goods are always packed alike.

    A piece that no box holds goes alone in its own packing.
    """
    opened: list[_Open] = []
    if fulfilment == "freight":
        opened = [_Open(None, [Goods(each.sku, 1, each.piece_g)]) for each in goods for _ in range(each.quantity)]
    else:
        for each in sorted(goods, key=lambda each: (-each.piece_mm3, -each.piece_g, each.sku)):
            _first_fit(opened, each)
    return tuple(parcel.closed(number) for number, parcel in enumerate(opened, start=1))


def _fits_a_box(goods: Goods) -> bool:
    largest = boxes()[-1]
    return goods.piece_g <= largest.max_goods_g and largest.admits(goods.size)


@dataclass
class _Open:
    """A parcel being packed in the largest box, or in none."""

    box: Box | None
    goods: list[Goods] = field(default_factory=list)

    @property
    def weight_g(self) -> int:
        return sum(each.quantity * each.piece_g for each in self.goods)

    @property
    def volume_mm3(self) -> int:
        return sum(each.quantity * each.piece_mm3 for each in self.goods)

    def room_for(self, goods: Goods) -> int:
        """Return how many pieces still fit."""
        if self.box is None:
            return 0
        by_weight = _times(self.box.max_goods_g - self.weight_g, goods.piece_g)
        by_volume = _times(self.box.room_mm3 - self.volume_mm3, goods.piece_mm3)
        return min(by_weight, by_volume)

    def add(self, goods: Goods, quantity: int) -> None:
        for number, each in enumerate(self.goods):
            if each.sku == goods.sku:
                self.goods[number] = Goods(each.sku, each.quantity + quantity, each.piece_g)
                return
        self.goods.append(Goods(goods.sku, quantity, goods.piece_g))

    def closed(self, number: int) -> Parcel:
        """Close it in the smallest box that holds what it holds; the largest if a size is not known."""
        weight_g, box, known = self.weight_g, self.box, all(each.size for each in self.goods)
        if box is not None and known:
            box = next((each for each in boxes() if self._goes_into(each)), box)
        return Parcel(
            parcel=number,
            weight_g=weight_g,
            lines=tuple(PackedLine(sku=each.sku, quantity=each.quantity) for each in self.goods),
            box=box.name if box else None,
            fill_percent=box.fill_percent(self.volume_mm3) if box and known else None,
            gross_g=weight_g + (box.tare_g if box else 0),
        )

    def _goes_into(self, box: Box) -> bool:
        alone = sum(each.quantity for each in self.goods) == 1
        return (
            self.weight_g <= box.max_goods_g
            and (alone or self.volume_mm3 <= box.room_mm3)
            and all(box.admits(each.size) for each in self.goods)
        )


def _times(room: int, each: int) -> int:
    return max(0, room) // each if each > 0 else 1_000_000


def _first_fit(opened: list[_Open], goods: Goods) -> None:
    """Put each piece into the first parcel that has room for it; pieces of a SKU are alike, so they go many at once."""
    box = boxes()[-1] if _fits_a_box(goods) else None
    left = goods.quantity
    for parcel in opened if box else ():
        fits = min(left, parcel.room_for(goods))
        if fits:
            parcel.add(goods, fits)
            left -= fits
    while left:
        parcel = _Open(box)
        fits = min(left, max(1, parcel.room_for(goods)))
        parcel.add(goods, fits)
        opened.append(parcel)
        left -= fits
