"""What an invoice says in words: why no tax or whose tax is charged, and on which terms it is paid."""

from shared.events.priced_order import TaxTreatment

REASONS: dict[TaxTreatment, str] = {
    "domestic": "",
    "us_nexus": "",
    "oss": "VAT of the member state of arrival, declared through the Union one-stop shop "
    "(Articles 33 and 369a-369k Directive 2006/112/EC).",
    "intra_community": "Intra-Community supply, exempt: Article 138 Directive 2006/112/EC. Reverse charge: "
    "the customer accounts for VAT.",
    "import": "Tax of the country of arrival, charged by the seller.",
    "export": "Export, exempt: Article 146 Directive 2006/112/EC.",
    "us_no_nexus": "No sales tax is collected: the seller has no nexus in the state of arrival.",
    "not_taxable": "These goods are not taxable in the state of arrival.",
}
"""Directive 2006/112/EC, article 226 (11) and (11a), asks for the reason of an exemption and for 'Reverse charge'."""
_EXPORT_FROM_US = "Export: no sales tax is charged on goods that leave the United States."

_PAYABLE = "Payable within {days} days of the date of this invoice; what the card was charged is paid."
TERMS = {
    "prepaid": "Paid by card: charged when the goods leave.",
    "net_14": _PAYABLE.format(days=14),
    "net_30": _PAYABLE.format(days=30),
}
"""By crm's terms. Every order is authorized on a card and charged as its goods leave: terms say by when what could not
be charged is due."""


def reason(treatment: TaxTreatment | None, seller_country: str) -> str:
    """Return why a rate applies, or nothing where the rate says it all."""
    if treatment == "export" and seller_country == "US":
        return _EXPORT_FROM_US
    return REASONS[treatment] if treatment else ""


def terms(name: str) -> str:
    """Return when payment is due, in words."""
    return TERMS.get(name, f"Terms of payment: {name}.")
