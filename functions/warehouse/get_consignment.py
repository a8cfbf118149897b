"""GET /shipments/{shipment_id}/consignment: the bill of lading of packed freight."""

from functions.warehouse.docks import dock
from functions.warehouse.shipment import Shipment
from functions.warehouse.units import consignment_number
from shared.calls.port import Calls
from shared.errors import Invalid, NotFound, Refusal
from shared.http.models import Answer, View
from shared.storage import Database
from shared.values.address import Address
from shared.values.identifiers import ShipmentId, Sku


class FreightLine(View):
    """What furniture says of a SKU as freight."""

    sku: str
    freight_class: str


class FreightQuote(View):
    """Furniture's quote, as far as it is about classes."""

    lines: tuple[FreightLine, ...]
    freight_class_source: str


class HandlingUnit(Answer):
    """One pallet, case or piece: `freight_class` is the National Motor Freight Classification's, by furniture."""

    unit: int
    sscc: str
    sku: Sku
    name: str
    weight_g: int
    freight_class: str


class BillOfLading(Answer):
    """What a haulier signs for. `consignment_number` is a GINC of the GS1 General Specifications (application 401).

    `slot_id` is the customer's delivery slot; the consignee's name is on the labels.
    """

    consignment_number: str
    shipment_id: ShipmentId
    shipper: str
    ship_from: Address
    country: str
    zip_code: str
    service_level: str | None
    slot_id: str | None
    units: list[HandlingUnit]
    weight_g: int
    freight_class_source: str


def get_consignment(shipment_id: ShipmentId, db: Database, call: Calls) -> BillOfLading:
    """Make out the bill of a packed freight shipment; NotFound for parcels, or before it is packed."""
    shipment = db.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound(f"no shipment {shipment_id}")
    if shipment.fulfilment != "freight":
        raise NotFound(f"shipment {shipment_id} goes as parcels")
    if not shipment.sscc:
        raise NotFound(f"shipment {shipment_id} is not packed yet")
    quote = _classes(shipment, call)
    sender, classes = dock(shipment.location), {line.sku: line.freight_class for line in quote.lines}
    units = _units(shipment, classes)
    return BillOfLading(
        consignment_number=consignment_number(shipment.sscc[0]),
        shipment_id=shipment_id,
        shipper=sender.name,
        ship_from=sender.address,
        country=shipment.shipping_address.country,
        zip_code=shipment.shipping_address.zip_code,
        service_level=shipment.delivery.service_level if shipment.delivery else None,
        slot_id=shipment.delivery.slot_id if shipment.delivery else None,
        units=units,
        weight_g=sum(unit.weight_g for unit in units),
        freight_class_source=quote.freight_class_source,
    )


def _classes(shipment: Shipment, call: Calls) -> FreightQuote:
    address = shipment.shipping_address
    wanted = {
        "lines": [{"sku": line.sku, "quantity": line.quantity} for line in shipment.lines],
        "destination": {"country": address.country, "state": address.state, "zip_code": address.zip_code},
        "service_level": shipment.delivery.service_level if shipment.delivery else "kerbside",
    }
    try:
        return call.post("furniture", "/freight-quotes", wanted, FreightQuote)
    except (Refusal, Invalid) as error:
        raise NotFound(f"furniture has no class for {shipment.shipment_id}: {error.code}") from None


def _units(shipment: Shipment, classes: dict[str, str]) -> list[HandlingUnit]:
    names = {line.sku: line.name for line in shipment.lines}
    return [
        HandlingUnit(
            unit=parcel.parcel,
            sscc=code,
            sku=parcel.lines[0].sku,
            name=names[parcel.lines[0].sku],
            weight_g=parcel.weight_g,
            freight_class=classes[parcel.lines[0].sku],
        )
        for parcel, code in zip(shipment.parcels, shipment.sscc, strict=True)
    ]
