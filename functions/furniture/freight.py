"""Freight: what bringing furniture costs, by zone and chargeable weight, from the dated tables of `tariff.json`."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from functions.furniture import freight_classes
from shared.errors import Invalid
from shared.http.models import Answer
from shared.stock.destinations import Destination
from shared.stock.skus import VALUATION_CURRENCY, StockKeepingUnit
from shared.values.money import Money

ServiceLevel = Literal["kerbside", "room_of_choice", "assembly"]


class FreightLine(Answer):
    """Pieces of one SKU: grams of one piece, actual, dimensional and charged; its density in pounds per cubic foot."""

    sku: str
    pieces: int
    actual_g: int
    dimensional_g: int
    chargeable_g: int
    density_lb_per_ft3: str
    freight_class: str


class FreightQuote(Answer):
    """The net price of one consignment. `weight_g` is its chargeable weight; the sources name tables and dates.

    Dimensional weight is the volume at `dimensional_divisor_cm3_per_kg`.
    """

    net: Money
    zone: str
    weight_g: int
    service_level: ServiceLevel
    source: str
    lines: list[FreightLine]
    dimensional_divisor_cm3_per_kg: int
    freight_class_source: str


@lru_cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads((Path(__file__).parent / "tariff.json").read_text(encoding="utf-8"))
    return table


def zone_of(country: str, state: str | None) -> str:
    """Return the zone of a destination; Invalid names the field that is outside every zone."""
    rows = [row for row in _table()["zones"] if country in row["countries"]]
    if not rows:
        served = sorted({code for row in _table()["zones"] for code in row["countries"]})
        raise Invalid(("destination.country", f"furniture is brought to {', '.join(served)}"))
    code = (state or "").strip().upper()
    for row in rows:
        if code in row.get("states", [code]):
            return str(row["zone"])
    raise Invalid(("destination.state", f"expected the two-letter code of a state of {country} that is served"))


def serves(country: str) -> bool:
    """Say whether furniture is brought to a country at all."""
    return any(country in row["countries"] for row in _table()["zones"])


def dimensional_g(unit: StockKeepingUnit) -> int:
    """Return the dimensional weight of one packed piece in g: mm3 / 5000, at 5000 cm3 to the kilogram, rounded up."""
    length, width, height = unit.dimensions_mm
    return -(-length * width * height // _divisor())


def chargeable_g(unit: StockKeepingUnit) -> int:
    """Return the weight in g by which one packed piece is charged: actual or dimensional, whichever is greater."""
    return max(unit.weight_g, dimensional_g(unit))


def _divisor() -> int:
    divisor: int = _table()["dimensional_divisor_cm3_per_kg"]
    return divisor


def quote(
    demand: Mapping[str, int],
    skus: Mapping[str, StockKeepingUnit],
    destination: Destination,
    service_level: ServiceLevel,
    day: date,
) -> FreightQuote:
    """Price a consignment by the tariff of a day: base + rate x started kilograms + the service level's surcharges."""
    zone = zone_of(destination.country, destination.state)
    tariff = _tariff(day)
    weight_g = sum(chargeable_g(skus[sku]) * pieces for sku, pieces in demand.items())
    rate, level = tariff["rates"][zone], tariff["service_levels"][service_level]
    carriage = _usd(rate["base"]) + _usd(rate["per_kg"]) * -(-weight_g // 1000)
    service = _usd(level["per_consignment"]) + _usd(level["per_piece"]) * sum(demand.values())
    source = f"Online Boutique freight tariff, valid from {tariff['valid_from']}"
    return FreightQuote(
        net=carriage + service,
        zone=zone,
        weight_g=weight_g,
        service_level=service_level,
        source=source,
        lines=[_line(skus[sku], pieces) for sku, pieces in demand.items()],
        dimensional_divisor_cm3_per_kg=_divisor(),
        freight_class_source=freight_classes.source(),
    )


@lru_cache(maxsize=4096)
def _line(unit: StockKeepingUnit, pieces: int) -> FreightLine:
    return FreightLine(
        sku=unit.sku,
        pieces=pieces,
        actual_g=unit.weight_g,
        dimensional_g=dimensional_g(unit),
        chargeable_g=chargeable_g(unit),
        density_lb_per_ft3=freight_classes.shown(freight_classes.density(unit)),
        freight_class=freight_classes.freight_class(unit),
    )


def _tariff(day: date) -> dict[str, Any]:
    valid = [each for each in _table()["tariffs"] if each["valid_from"] <= day.isoformat()]
    if not valid:
        raise LookupError(f"no freight tariff is valid on {day}")
    latest: dict[str, Any] = max(valid, key=lambda each: str(each["valid_from"]))
    return latest


def _usd(amount: str) -> Money:
    return Money.of(amount, VALUATION_CURRENCY)
