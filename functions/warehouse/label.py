"""Labels of 100 x 150 mm: who, where, which unit of how many, its SSCC as GS1-128 and its tracking number as Code 128.

Bars follow the GS1 General Specifications for logistic labels: modules of 0.495 mm or wider, at least 32 mm high, with
ten modules of quiet zone on either side.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Any

from functions.warehouse.docks import dock, gs1_company_prefix
from functions.warehouse.shipment import Shipment
from shared.values.address import Address

WIDTH_MM = 100.0
QUIET_MODULES = 10
WIDEST_MODULE_MM = 0.5
TO_WIDTH_MM, TO_HEIGHT_MM = 80.0, 41.0
LETTERS_MM = (4.6, 3.6, 2.8, 2.2)
LETTER_WIDTH = 0.57
"""Of their height, on average and with something to spare; as Helvetica's letters are."""
LEADING = 1.22


@dataclass(frozen=True)
class Bars:
    """A bar code as drawn: where its first bar begins, each bar's place and width in mm, and its text."""

    left: float
    bars: tuple[tuple[float, float], ...]
    text: str


@dataclass(frozen=True)
class Label:
    """What is printed on one label."""

    unit: int
    of: int
    sscc: str
    shipment_id: str
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    letters_mm: float
    way: str
    slot: str
    weight: str
    box: str | None
    tracking: Bars | None
    unit_code: Bars


def labels_of(shipment: Shipment) -> list[Label]:
    """Return the labels of a packed shipment, one per unit."""
    sender = dock(shipment.location)
    recipient, letters_mm = _addressed(shipment)
    number, delivery = shipment.tracking_number, shipment.delivery
    return [
        Label(
            unit=parcel.parcel,
            of=len(shipment.parcels),
            sscc=code,
            shipment_id=shipment.shipment_id,
            sender=(sender.name, *_lines(sender.address, 45))[:4],
            recipient=recipient,
            letters_mm=letters_mm,
            way=" · ".join((shipment.carrier or shipment.fulfilment, *([delivery.service_level] if delivery else []))),
            slot=delivery.slot_id if delivery else "",
            weight=f"{(parcel.weight_g if parcel.gross_g is None else parcel.gross_g) / 1000:.2f} kg",
            box=parcel.box,
            tracking=drawn(number, number, gs1=False) if number else None,
            unit_code=drawn(f"00{code}", readable(code), gs1=True),
        )
        for parcel, code in zip(shipment.parcels, shipment.sscc, strict=True)
    ]


def readable(sscc: str) -> str:
    """Return the text below the bars: the application identifier, then the parts of the number."""
    prefix = len(gs1_company_prefix())
    return f"(00) {sscc[0]} {sscc[1 : 1 + prefix]} {sscc[1 + prefix : 17]} {sscc[17]}"


def drawn(code: str, text: str, *, gs1: bool) -> Bars:
    """Return the bars of a code in the middle of a label, as wide as fits with its quiet zones."""
    from barcode.codex import Code128, Gs1_128  # type: ignore[import-untyped]  # noqa: PLC0415  (only labels need it)

    modules: str = (Gs1_128 if gs1 else Code128)(code).build()[0]
    width = min(WIDEST_MODULE_MM, (WIDTH_MM - 2) / (len(modules) + 2 * QUIET_MODULES))
    bars, at = [], 0
    for dark, run in groupby(modules):
        length = len(list(run))
        if dark == "1":
            bars.append((round(at * width, 4), round(length * width, 4)))
        at += length
    return Bars(round((WIDTH_MM - at * width) / 2, 4), tuple(bars), text)


def sheet(labels: list[Label]) -> str:
    """Draw labels as one SVG, one below the other."""
    return str(_template().render(labels=labels))


@lru_cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415  (only labels need it)

    folder = Path(__file__).parent / "templates"
    return Environment(loader=FileSystemLoader(folder), autoescape=True).get_template("labels.svg.j2")


def _addressed(shipment: Shipment) -> tuple[tuple[str, ...], float]:
    """Return the recipient's lines, none left out, and the largest letters in which they fit between the rules."""
    names = " ".join(name for name in (shipment.first_name, shipment.last_name) if name)
    for letters_mm in LETTERS_MM:
        width = int(TO_WIDTH_MM / (LETTER_WIDTH * letters_mm))
        lines = (*wrap(names, width), *_lines(shipment.shipping_address, width))
        if len(lines) * LEADING * letters_mm <= TO_HEIGHT_MM:
            break
    return lines, letters_mm


def _lines(address: Address, width: int) -> tuple[str, ...]:
    """Return the lines of an address, in the order of the United States there and of Europe elsewhere."""
    place = f"{address.zip_code} {address.city}"
    if address.country == "US":
        place = f"{address.city}, {address.state or ''} {address.zip_code}"
    elif address.state:
        place = f"{place}, {address.state}"
    return (*wrap(address.street_address, width), *wrap(place, width), address.country)
