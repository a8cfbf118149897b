"""The VatIds port: whose VAT id a business gives, and how that was checked.

VIES (the Commission's exchange of VAT information) is the authority; asking it belongs to an adapter, not to the path
of an order. The embedded one checks the format and check digits of the id's own country, and says so.
"""

from abc import ABC, abstractmethod
from typing import Literal, NamedTuple

from functions.pricing.entities import Country
from shared.settings import Settings

VatIdCheck = Literal["format", "vies"]
"""By what an id was found good."""


class VatId(NamedTuple):
    """A good VAT id of a member state."""

    country: Country
    check: VatIdCheck


class VatIds(ABC):
    """Checks VAT ids of the European Union's member states."""

    @classmethod
    def connect(cls, settings: Settings) -> "VatIds":
        """Return this process's adapter: the embedded check of the format, the only one there is."""
        from functions.pricing.vat_id_format import VatIdFormat  # noqa: PLC0415  (an adapter is imported when chosen)

        return VatIdFormat()

    @abstractmethod
    def look_up(self, vat_id: str) -> VatId | None:
        """Return whose it is; None if it is of no member state; Invalid if it is of one and can't be right."""
