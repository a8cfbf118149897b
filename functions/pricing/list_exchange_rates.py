"""GET /exchange-rates: at which rates prices are converted, by whom and of when, and which currencies are refused."""

from datetime import date

from functions.pricing.catalogue import PRICE_LIST_CURRENCY
from functions.pricing.exchange import Rate, all_rates
from shared.http.models import Answer, Items


class PublishedRate(Answer):
    """`rate` units of `currency` for one unit of `base`, from `valid_from` on; or why no new order is taken in it."""

    currency: str
    base: str = PRICE_LIST_CURRENCY
    rate: str | None = None
    provider: str | None = None
    valid_from: date | None = None
    refused: str | None = None


class PublishedRates(Items):
    """Every currency, by code; always one page."""

    items: list[PublishedRate]


def list_exchange_rates() -> PublishedRates:
    """Return every rate with its provider and day, and the currencies in which no new order is taken."""
    rates = all_rates()
    accepted = [_published(rate) for each in rates.by_currency.values() for rate in each]
    refused = [PublishedRate(currency=code, refused=why) for code, why in rates.not_accepted.items()]
    return PublishedRates(items=sorted([*accepted, *refused], key=lambda each: each.currency))


def _published(rate: Rate) -> PublishedRate:
    return PublishedRate(
        currency=rate.currency, rate=f"{rate.per_usd:f}", provider=rate.source, valid_from=rate.valid_from
    )
