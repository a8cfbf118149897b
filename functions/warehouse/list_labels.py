"""GET /shipments/{shipment_id}/labels: the units of a packed shipment; with `Accept: image/svg+xml` to be printed."""

from pydantic import PrivateAttr

from functions.warehouse.label import labels_of, sheet
from functions.warehouse.shipment import Shipment
from shared.errors import NotFound
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.identifiers import ShipmentId


class UnitLabel(Answer):
    """One label; who it goes to is only in print."""

    unit: int
    of: int
    sscc: str
    weight: str
    box: str | None = None


class Labels(Items):
    """The labels of a shipment."""

    items: list[UnitLabel]
    _shipment: Shipment = PrivateAttr()

    def to_svg(self) -> str:
        """Draw them, 100 x 150 mm each, one below the other."""
        return sheet(labels_of(self._shipment))


def list_labels(shipment_id: ShipmentId, db: Database) -> Labels:
    """List the labels of a packed shipment; NotFound before it is packed."""
    shipment = db.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound(f"no shipment {shipment_id}")
    if not shipment.sscc:
        raise NotFound(f"shipment {shipment_id} is not packed yet")
    items = [UnitLabel.model_validate(each, from_attributes=True) for each in labels_of(shipment)]
    labels = Labels(items=items)
    labels._shipment = shipment
    return labels
