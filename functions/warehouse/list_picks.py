"""GET /pick-lists: what a picker takes from where, for the planned shipments of a location."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from functions.warehouse.shipment import Shipment
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.identifiers import ShipmentId, Sku


class PiecesFor(Answer):
    """Which shipment so many of the pieces are for."""

    shipment_id: ShipmentId
    quantity: int


class PickLine(Answer):
    """Pieces of a SKU to take from a bin; `bin` is null for a SKU that has no place of its own."""

    sku: Sku
    name: str
    bin: str | None
    pieces: int
    shipments: list[PiecesFor]


class PickList(Items):
    """One round: lines in walking order, for up to `limit` shipments; `next_cursor` begins the next round."""

    location: str
    items: list[PickLine]


def list_picks(
    db: Database,
    location: Annotated[str, Field(min_length=1, max_length=50)],
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> PickList:
    """List the picks of the longest planned shipments; without those that are picked or wait for goods."""
    page = db.query(Shipment, order_by="planned_at", limit=limit, cursor=cursor, location=location, status="planned")
    lines: dict[str, PickLine] = {}
    for shipment in page.items:
        if shipment.picked is None and not shipment.awaiting:
            _add(lines, shipment)
    in_order = sorted(lines.values(), key=lambda line: (line.bin is None, line.bin, line.sku))
    return PickList(location=location, items=in_order, next_cursor=page.next_cursor)


def _add(lines: dict[str, PickLine], shipment: Shipment) -> None:
    for line in shipment.lines:
        so_far = lines.get(line.sku)
        lines[line.sku] = PickLine(
            sku=line.sku,
            name=line.name,
            bin=_bins().get(line.sku),
            pieces=line.quantity + (so_far.pieces if so_far else 0),
            shipments=[
                *(so_far.shipments if so_far else ()),
                PiecesFor(shipment_id=shipment.shipment_id, quantity=line.quantity),
            ],
        )


@lru_cache
def _bins() -> dict[str, str]:
    found: dict[str, str] = json.loads((Path(__file__).parent / "bins.json").read_text(encoding="utf-8"))["bins"]
    return found
