"""POST /freight-quotes: what bringing furniture would cost; nothing is held or written."""

from datetime import datetime

from pydantic import Field

from functions.furniture.freight import FreightQuote, ServiceLevel, quote
from functions.furniture.ledger import LEDGER
from shared.http.models import Command
from shared.stock.commands import OrderedLine
from shared.stock.destinations import Destination


class QuoteFreight(Command):
    """These pieces, brought to this destination in this way."""

    lines: list[OrderedLine] = Field(min_length=1, max_length=100)
    destination: Destination
    service_level: ServiceLevel = "kerbside"


def quote_freight(command: QuoteFreight, now: datetime) -> FreightQuote:
    """Price the consignment by the tariff of today; UnknownSku, Invalid for a destination outside every zone."""
    demand = LEDGER.demand(command.lines)
    return quote(demand, LEDGER.skus, command.destination, command.service_level, now.date())
