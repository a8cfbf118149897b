"""The Tax port over embedded tables: the rules of treatment, each with its law.

    to the United States       the state's tax where the seller has nexus (us_nexus), none elsewhere (us_no_nexus)
    to the European Union      from Venlo: Dutch tax in the Netherlands (domestic), else that of the member state of
                               arrival (oss; Directive 2006/112/EC, Article 33(a)); from outside: the same rate, brought
                               in by the seller (import; Article 33(b), and up to EUR 150 the import scheme)
    to the United Kingdom      its tax, charged at the sale or settled by the seller as import VAT (import)
    to anywhere else           none (export; Article 146, or the destination's own affair)

What a customer in the Union pays does not depend on the warehouse: nothing is collected at the door.
"""

from collections.abc import Sequence
from decimal import Decimal

from functions.pricing.entities import Country
from functions.pricing.tables import in_force
from functions.pricing.tax import Supply, Tax, TaxOn
from functions.pricing.tax_tables import eu_countries, state_code, uk_countries, us_states

NOTHING = Decimal(0)


class EmbeddedTax(Tax):
    """Tables at the level of countries and US states."""

    def on_goods(self, supply: Supply, tax_code: str, origin: Country) -> TaxOn:
        """Return the tax on goods of a tax code that leave from a country; Invalid for a US address in no state."""
        country = supply.destination.country
        if country == "US":
            return _in_the_states(supply)
        if country in eu_countries():
            return _in_the_union(supply, origin)
        if country in uk_countries():
            return TaxOn(in_force(uk_countries()[country].rows, supply.at).rate, "import", country)
        return TaxOn(NOTHING, "export", origin)

    def on_shipping(self, supply: Supply, carried: Sequence[TaxOn]) -> TaxOn:
        """Return the tax on shipping: that of the highest-taxed goods it carries; in the US, if the state taxes it.

        One charge has one rate, so where rates mix the highest is used and none is under-declared.
        """
        highest = max(carried, key=lambda tax: tax.rate)
        if supply.destination.country == "US" and highest.rate:
            row = in_force(us_states().by_code[state_code(supply.destination)].rows, supply.at)
            if not row.shipping_taxed:
                return TaxOn(NOTHING, "not_taxable", highest.jurisdiction)
        return highest


def _in_the_states(supply: Supply) -> TaxOn:
    code = state_code(supply.destination)
    if code not in supply.seller.nexus_states:
        return TaxOn(NOTHING, "us_no_nexus", f"US-{code}")
    return TaxOn(in_force(us_states().by_code[code].rows, supply.at).rate, "us_nexus", f"US-{code}")


def _in_the_union(supply: Supply, origin: Country) -> TaxOn:
    country = supply.destination.country
    rate = in_force(eu_countries()[country].rows, supply.at).rate
    if origin not in eu_countries():
        return TaxOn(rate, "import", country)
    return TaxOn(rate, "domestic" if country == supply.seller.country else "oss", country)
