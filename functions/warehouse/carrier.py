"""The Carrier port: the outside party that takes parcels to customers."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from functions.warehouse.boxes import Size, boxes, size_of
from functions.warehouse.docks import Dock, dock
from functions.warehouse.parcels import Fulfilment, Parcel
from functions.warehouse.scan import ScanStatus
from functions.warehouse.shipment import Shipment
from shared.settings import Settings
from shared.values.address import Address
from shared.values.money import Money


@dataclass(frozen=True)
class Package:
    """One parcel as a carrier takes it: edges in mm, longest first, and its weight with its box."""

    size_mm: Size
    weight_g: int


@dataclass(frozen=True)
class Consignment:
    """What is to be carried from where to whom; `reference` names it, the same whenever it is asked about."""

    reference: str
    fulfilment: Fulfilment
    sender: Dock
    recipient_name: str
    recipient: Address
    packages: tuple[Package, ...]


@dataclass(frozen=True)
class Rate:
    """What a carrier would take for it; `rate_id` is what it is booked by."""

    rate_id: str
    carrier: str
    service: str
    price: Money
    days: int | None


@dataclass(frozen=True)
class Booked:
    """A carrier will take it under this number; `label_url` is where its own label is, if it makes one."""

    carrier: str
    tracking_number: str
    label_url: str | None = None


@dataclass(frozen=True)
class Sighting:
    """Where a carrier saw it."""

    status: ScanStatus
    place: str | None
    seen_at: datetime


class CarrierError(Exception):
    """The carrier did not do it."""


class CarrierUnavailable(CarrierError):
    """The carrier may or may not have done it: ask again."""


class CarrierRefused(CarrierError):
    """The carrier will not do it, and says why."""


class Carrier(ABC):
    """Whoever carries. Every method may raise CarrierUnavailable or CarrierRefused."""

    name: ClassVar[str]

    @classmethod
    def connect(cls, settings: Settings) -> "Carrier":
        """Return this process's carrier: Shippo's if there is a token for it, else our own fleet."""
        if settings.shippo_token:
            from functions.warehouse.shippo import Shippo  # noqa: PLC0415  (an adapter is imported when chosen)

            return Shippo(settings.shippo, settings.shippo_token)
        from functions.warehouse.fleet import Fleet  # noqa: PLC0415

        return Fleet()

    @abstractmethod
    def rates(self, consignment: Consignment) -> list[Rate]:
        """Return what it would cost, the cheapest first."""

    @abstractmethod
    def book(self, consignment: Consignment, rate_id: str, since: datetime) -> Booked:
        """Have it carried; asked again since then under the same reference, it is booked once."""

    @abstractmethod
    def track(self, carrier: str, tracking_number: str) -> list[Sighting]:
        """Return every sighting so far."""


def consignment_of(shipment: Shipment) -> Consignment:
    """Return what a carrier is to take: the packed parcels, each as large as its box or its one piece."""
    names = (shipment.first_name, shipment.last_name)
    return Consignment(
        reference=shipment.shipment_id,
        fulfilment=shipment.fulfilment,
        sender=dock(shipment.location),
        recipient_name=" ".join(name for name in names if name),
        recipient=shipment.shipping_address,
        packages=packages(shipment.parcels),
    )


def packages(parcels: Sequence[Parcel]) -> tuple[Package, ...]:
    """Return the parcels' edges and weights; what has no known size is taken to be as large as the largest box."""
    by_name = {box.name: box.inner_mm for box in boxes()}
    found = []
    for parcel in parcels:
        alone = size_of(parcel.lines[0].sku) if parcel.box is None else None
        size = by_name.get(parcel.box or "") or alone or boxes()[-1].inner_mm
        found.append(Package(size, parcel.weight_g if parcel.gross_g is None else parcel.gross_g))
    return tuple(found)
