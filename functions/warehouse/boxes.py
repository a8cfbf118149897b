"""The boxes of `boxes.json`, smallest first, and how large one packed piece of a SKU is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any

from shared.seed import read

Size = tuple[int, int, int]
"""Edges in mm, the longest first."""


@dataclass(frozen=True)
class Box:
    """A carton: inner edges, what the goods in it may weigh, and its own weight, in mm and g.

    `room_mm3` is what several pieces may fill of `volume_mm3`.
    """

    name: str
    inner_mm: Size
    max_goods_g: int
    tare_g: int
    volume_mm3: int
    room_mm3: int

    def admits(self, size: Size | None) -> bool:
        """Say whether a piece goes in, turned as it may be; one of unknown size does."""
        return size is None or all(edge <= inner for edge, inner in zip(size, self.inner_mm, strict=True))

    def fill_percent(self, volume_mm3: int) -> int:
        """Return how much of the inner volume is filled, rounded half up."""
        return (200 * volume_mm3 + self.volume_mm3) // (2 * self.volume_mm3)


@lru_cache
def _table() -> Any:
    return json.loads((Path(__file__).parent / "boxes.json").read_text(encoding="utf-8"))


@lru_cache
def boxes() -> tuple[Box, ...]:
    """Return every box, by volume."""
    table = _table()
    return tuple(sorted((_box(row, table["fill_limit_percent"]) for row in table["boxes"]), key=_by_volume))


def _box(row: Any, fill_limit_percent: int) -> Box:
    volume = prod(row["inner_mm"])
    room = volume * fill_limit_percent // 100
    return Box(row["box"], sized(row["inner_mm"]), row["max_goods_g"], row["tare_g"], volume, room)


def _by_volume(box: Box) -> int:
    return box.volume_mm3


def sized(edges: Sequence[int]) -> Size:
    """Return three edges with the longest first."""
    longest, middle, shortest = sorted(edges, reverse=True)
    return longest, middle, shortest


@lru_cache
def _sizes() -> dict[str, Size]:
    return {row["sku"]: sized(row["dimensions_mm"]) for row in read("catalogue")["products"] if "dimensions_mm" in row}


@lru_cache(maxsize=4096)
def volume_of(sku: str) -> int:
    """Return the volume of one packed piece in mm3; 0 if its size is not known."""
    return prod(size_of(sku) or (0,))


def size_of(sku: str) -> Size | None:
    """Return the edges of one packed piece as the catalogue states them; None for a SKU without."""
    return _sizes().get(sku)
