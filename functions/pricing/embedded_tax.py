"""The Tax port over embedded tables: the rules of treatment, each with its law (articles of Directive 2006/112/EC).

    to the United States    the state's tax where the seller has nexus (us_nexus), unless the state leaves such goods
                            untaxed (not_taxable); none elsewhere (us_no_nexus)
    to the European Union   a consumer bears the tax of the member state of arrival: from Venlo `domestic` in the
                            Netherlands and `oss` elsewhere (Article 33(a)); from outside `import`, brought in by the
                            seller (Article 33(b); up to EUR 150 by the import scheme)
                            a business with an id of another member state none: intra_community (Article 138; from
                            outside after an import that is free for it, Article 143(1)(d))
                            a business with a Dutch id that has goods sent elsewhere bears Dutch tax (Article 32)
    to the United Kingdom   its tax, charged at the sale or settled by the seller as import VAT (import)
    to anywhere else        none (export; Article 146, or no tax of the seller's country at all); duty and tax of the
                            destination, as in Switzerland and Norway, are the customer's

The rate never depends on the warehouse: nothing is collected at the door, and a quote is right before anything is
reserved.
"""

from collections.abc import Sequence
from decimal import Decimal

from functions.pricing.entities import Country
from functions.pricing.tables import in_force
from functions.pricing.tax import Goods, Supply, Tax, TaxOn
from functions.pricing.tax_tables import Jurisdiction, eu_countries, state_code, tax_codes, uk_countries, us_states

NOTHING = Decimal(0)


class EmbeddedTax(Tax):
    """Tables at the level of countries (with their regions) and US states."""

    def on_goods(self, supply: Supply, goods: Goods) -> TaxOn:
        """Return the tax on the goods of a line; Invalid for a US address in no state."""
        country = supply.destination.country
        if country == "US":
            return _in_the_states(supply, goods)
        area = eu_countries() if country in eu_countries() else uk_countries()
        rate = _vat(area[country], supply, goods.tax_code) if country in area else None
        if rate is None:
            return TaxOn(NOTHING, "export", goods.origin)
        whose = area[country].declared_in or country
        return TaxOn(rate, "import", whose) if area is uk_countries() else _in_the_union(supply, goods, rate, whose)

    def on_shipping(self, supply: Supply, carried: Sequence[TaxOn]) -> TaxOn:
        """Return the tax on shipping: that of the highest-taxed goods it carries; in the US, if the state taxes it.

        One charge has one rate, so where rates mix the highest is used and none is under-declared.
        """
        highest = max(carried, key=lambda tax: tax.rate)
        if highest.treatment == "us_nexus":
            row = in_force(us_states().by_code[highest.jurisdiction.removeprefix("US-")].rows, supply.at)
            if not row.shipping_taxed:
                return TaxOn(NOTHING, "not_taxable", highest.jurisdiction)
        return highest


def _in_the_states(supply: Supply, goods: Goods) -> TaxOn:
    code = state_code(supply.destination)
    whose = f"US-{code}"
    if code not in supply.seller.nexus_states:
        return TaxOn(NOTHING, "us_no_nexus", whose)
    exemptions = tax_codes()[goods.tax_code].us_exempt.get(code)
    if exemptions:
        below = in_force(exemptions, supply.at).below
        if below is None or goods.piece.decimal < below:
            return TaxOn(NOTHING, "not_taxable", whose)
    return TaxOn(in_force(us_states().by_code[code].rows, supply.at).rate, "us_nexus", whose)


def _vat(jurisdiction: Jurisdiction, supply: Supply, tax_code: str) -> Decimal | None:
    """Return the rate for a tax code; None in a region outside the VAT area."""
    region = jurisdiction.region_of(supply.destination.zip_code)
    if region is not None:
        return in_force(region.rows, supply.at).rate if region.rows else None
    return _rate_of(jurisdiction.declared_in or supply.destination.country, jurisdiction, supply, tax_code)


def _rate_of(country: Country, jurisdiction: Jurisdiction, supply: Supply, tax_code: str) -> Decimal:
    special = tax_codes()[tax_code].vat.get(country)
    if special:
        return in_force(special, supply.at).rate
    return in_force(jurisdiction.rows, supply.at).rate


def _in_the_union(supply: Supply, goods: Goods, rate: Decimal, whose: Country) -> TaxOn:
    home = supply.seller.country
    outside = goods.origin not in eu_countries()
    if supply.buyer is not None and whose != home:
        if supply.buyer != home:
            return TaxOn(NOTHING, "intra_community", home)
        at_home = _rate_of(home, eu_countries()[home], supply, goods.tax_code)
        return TaxOn(at_home, "import" if outside else "domestic", home)
    if outside:
        return TaxOn(rate, "import", whose)
    return TaxOn(rate, "domestic" if whose == home else "oss", whose)
