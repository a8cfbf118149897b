"""The Tax port: which tax a supply bears, at which rate, and whose it is.

The embedded adapter answers from dated tables; a tax engine's adapter would ask that engine. Rates are fractions.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from functions.pricing.entities import Country, Entity
from shared.events.priced_order import TaxTreatment
from shared.settings import Settings
from shared.values.address import Address
from shared.values.money import Money


class Goods(NamedTuple):
    """What is taxed: its tax code, the country that it leaves from, and the price of one piece (USD, net)."""

    tax_code: str
    origin: Country
    piece: Money


class Supply(NamedTuple):
    """Who sells where to, as of when; `buyer` is the member state whose VAT id the buyer gave, None for a consumer."""

    seller: Entity
    destination: Address
    at: datetime
    buyer: Country | None = None


class TaxOn(NamedTuple):
    """The tax on goods or on a shipping charge: `rate` of the net price; whose it is: 'NL' or 'US-CA'."""

    rate: Decimal
    treatment: TaxTreatment
    jurisdiction: str


class Tax(ABC):
    """Which tax is charged. Pure in its answers: the same supply always bears the same tax."""

    @classmethod
    def connect(cls, settings: Settings) -> "Tax":
        """Return this process's adapter: the embedded tables, the only ones there are."""
        from functions.pricing.embedded_tax import EmbeddedTax  # noqa: PLC0415  (an adapter is imported when chosen)

        return EmbeddedTax()

    @abstractmethod
    def on_goods(self, supply: Supply, goods: Goods) -> TaxOn:
        """Return the tax on the goods of a line; Invalid for a US address in no state."""

    @abstractmethod
    def on_shipping(self, supply: Supply, carried: Sequence[TaxOn]) -> TaxOn:
        """Return the tax on what the customer pays for the shipping of goods that bear the taxes `carried`."""
