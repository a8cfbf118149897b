"""POST /quotes: what a basket would cost; the same totals as an order, and no effect."""

from datetime import datetime

from functions.checkout import steps
from functions.checkout.basket import QuoteOrder
from functions.checkout.order import AnsweredLine, Quote
from shared.calls import Calls
from shared.events.priced_order import OrderTotals


def quote_order(command: QuoteOrder, call: Calls, now: datetime) -> Quote:
    """Price a basket. Nothing is reserved and no customer is created. Refusals.

    422 unknown_sku, currency_not_accepted.
    """
    tier, kinds = call.together(
        lambda: steps.known_tier(call, command),
        lambda: steps.fulfilments(call, command),
    )
    freight = steps.quote_freight(call, command, kinds)
    priced = steps.price(call, command, tier, freight, now, ship_from={})
    lines = [AnsweredLine(**{name: getattr(line, name) for name in AnsweredLine.model_fields}) for line in priced.lines]
    totals = {name: getattr(priced, name) for name in OrderTotals.model_fields}
    return Quote(currency=command.currency, lines=lines, **totals)
