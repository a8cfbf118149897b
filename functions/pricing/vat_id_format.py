"""The VatIds port by format alone: length, characters and check digits of each member state; VIES is not asked."""

from functions.pricing.tax_tables import eu_countries
from functions.pricing.vat_ids import VatId, VatIds
from shared.errors import Invalid

_PREFIXES = {"EL": "GR"}
"""Prefix of an id -> country, where it is not the country's own code."""


class VatIdFormat(VatIds):
    """Format only: a good answer says that the id may exist, not that it does."""

    def look_up(self, vat_id: str) -> VatId | None:
        """Return whose it is; None if it is of no member state; Invalid if it is of one and can't be right."""
        written = "".join(each for each in vat_id.upper() if each.isalnum())
        country = _PREFIXES.get(written[:2], written[:2])
        if country not in eu_countries() or country == "MC" or written[:2] == "GR":
            return None
        if not _is_well_formed(written):
            raise Invalid(("vat_id", f"expected a VAT id as {country} gives them: its digits don't fit"))
        return VatId(country, "format")


def _is_well_formed(written: str) -> bool:
    from stdnum.eu import vat  # noqa: PLC0415  (25 ms that only an order of a business needs)

    return bool(vat.is_valid(written))
