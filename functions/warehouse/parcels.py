"""Packing: pieces of standard goods into parcels one person can lift, furniture as one consignment unit per piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PARCEL_LIMIT_G = 20_000
"""20 kg: what the usual parcel carriers take without a surcharge."""

Fulfilment = Literal["parcel", "freight"]


class PackedLine(BaseModel):
    """Pieces of a SKU in a parcel."""

    model_config = ConfigDict(frozen=True)

    sku: str
    quantity: int = Field(ge=1)


class Parcel(BaseModel):
    """One parcel or consignment unit; `parcel` counts from 1 within its shipment, `weight_g` is the goods' weight."""

    model_config = ConfigDict(frozen=True)

    parcel: int = Field(ge=1)
    weight_g: int
    lines: tuple[PackedLine, ...]


@dataclass(frozen=True)
class Goods:
    """Pieces of a SKU to be packed; `piece_g` is the weight of one."""

    sku: str
    quantity: int
    piece_g: int


def pack(goods: Sequence[Goods], fulfilment: Fulfilment) -> tuple[Parcel, ...]:
    """Pack all pieces: freight piece by piece; parcels by first fit, heaviest piece first, up to 20 kg.

    A piece above 20 kg gets a parcel of its own.
    """
    if fulfilment == "freight":
        opened = [_Open(each.piece_g, {each.sku: 1}) for each in goods for _ in range(each.quantity)]
    else:
        opened = []
        for each in sorted(goods, key=lambda each: (-each.piece_g, each.sku)):
            _first_fit(opened, each)
    return tuple(box.closed(number) for number, box in enumerate(opened, start=1))


@dataclass
class _Open:
    """A parcel being packed."""

    weight_g: int
    pieces: dict[str, int]

    def room_for(self, piece_g: int) -> int:
        """Return how many pieces of this weight still fit; none where a heavier one lies already."""
        room = max(0, PARCEL_LIMIT_G - self.weight_g)
        return room // piece_g if piece_g > 0 else 1_000_000

    def add(self, goods: Goods, quantity: int) -> None:
        self.pieces[goods.sku] = self.pieces.get(goods.sku, 0) + quantity
        self.weight_g += quantity * goods.piece_g

    def closed(self, number: int) -> Parcel:
        lines = tuple(PackedLine(sku=sku, quantity=quantity) for sku, quantity in self.pieces.items())
        return Parcel(parcel=number, weight_g=self.weight_g, lines=lines)


def _first_fit(opened: list[_Open], goods: Goods) -> None:
    """Put each piece into the first parcel that has room for it; pieces of a SKU are alike, so they go many at once."""
    left = goods.quantity
    for box in opened:
        fits = min(left, box.room_for(goods.piece_g))
        if fits:
            box.add(goods, fits)
            left -= fits
    while left:
        box = _Open(0, {})
        fits = min(left, max(1, box.room_for(goods.piece_g)))
        box.add(goods, fits)
        opened.append(box)
        left -= fits
