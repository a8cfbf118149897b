"""GET /shipments/{shipment_id}/rates: what carriers would take for a packed shipment."""

from functions.warehouse.carrier import Carrier, CarrierRefused, CarrierUnavailable, consignment_of
from functions.warehouse.shipment import Shipment
from shared.errors import NotFound, Unavailable
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.identifiers import ShipmentId
from shared.values.money import Money


class RateAnswer(Answer):
    """An offer; `rate_id` books it, `days` is how long it takes by the carrier's word."""

    rate_id: str
    carrier: str
    service: str
    price: Money
    days: int | None


class Rates(Items):
    """All offers, the cheapest first."""

    items: list[RateAnswer]


def list_rates(shipment_id: ShipmentId, db: Database, carrier: Carrier) -> Rates:
    """Ask the carrier; nothing if nobody takes it, Unavailable without an answer."""
    shipment = db.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound(f"no shipment {shipment_id}")
    try:
        found = carrier.rates(consignment_of(shipment))
    except CarrierUnavailable as error:
        raise Unavailable(str(error)) from None
    except CarrierRefused:
        found = []
    return Rates(items=[RateAnswer.model_validate(each, from_attributes=True) for each in found])
