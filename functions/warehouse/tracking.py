"""Carriers and tracking numbers: derived from the shipment, so that asking again gives the same."""

from hashlib import sha256

from functions.warehouse.parcels import Fulfilment
from shared.errors import Invalid

CARRIERS: dict[str, tuple[str, Fulfilment]] = {
    "boutique_parcel": ("OBP", "parcel"),
    "boutique_freight": ("OBF", "freight"),
}
"""Our own fleet: by name, the prefix of its tracking numbers and what it carries; the first of its kind is usual."""


def carrier_for(fulfilment: Fulfilment, wanted: str | None) -> str:
    """Return the wanted carrier, or the usual one; Invalid if it doesn't carry such shipments."""
    able = [name for name, (_, carries) in CARRIERS.items() if carries == fulfilment]
    if wanted is not None and wanted not in able:
        raise Invalid(("carrier", f"one of {', '.join(able)} carries {fulfilment} shipments"))
    return wanted or able[0]


def tracking_number(carrier: str, shipment_id: str) -> str:
    """Return the carrier's prefix, 20 digits and a check digit; 66 bits of SHA-256 keep two shipments apart.

    The Luhn check digit (ISO/IEC 7812-1, Annex B) finds a mistyped digit and neighbours swapped.
    """
    from stdnum import luhn  # noqa: PLC0415  (45 ms that only a dispatch needs)

    digits = f"{int.from_bytes(sha256(shipment_id.encode()).digest()) % 10**20:020d}"
    return f"{CARRIERS[carrier][0]}{digits}{luhn.calc_check_digit(digits)}"
