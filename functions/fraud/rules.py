"""The rule table: dated data (`rules.json`), so that a decision of an older version can be recomputed."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("rules.json")

Decision = Literal["approve", "review", "deny"]


Place = Literal["email", "card", "address", "ip"]


class Rule(BaseModel):
    """A rule: the code it gives as a reason, and its points."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    code: str
    points: int = Field(ge=1, le=100)


class AmountRule(Rule):
    """Applies from this many whole major units on, by currency; a currency that is not named is not judged."""

    at_least: dict[str, int]


class BeyondHistoryRule(AmountRule):
    """Applies to a customer with so many earlier orders in the currency, above so many times the highest of them."""

    orders: int = Field(ge=1, le=20)
    times_highest: int = Field(ge=1, le=100)


class GoodsRule(AmountRule):
    """Applies from the amount on when one of these products is in the order."""

    source: str
    skus: frozenset[str]


class DomainRule(Rule):
    """Applies to e-mail addresses at these domains and below them."""

    source: str
    domains: frozenset[str]


class VelocityRule(Rule):
    """Applies when so many distinct orders, cards or e-mails, this one included, met at one place in `minutes`.

    The place is an e-mail address, a card, a shipping address or an IP address.
    """

    by: Place
    counts: Literal["orders", "cards", "emails"]
    minutes: int = Field(ge=1, le=1440)
    at_least: int = Field(ge=2, le=40)


class Rules(BaseModel):
    """One version of the rule table. Of `amounts`, ordered from high to low, the first that applies counts."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    model_version: str
    about: str
    review_at: int
    deny_at: int
    forced: dict[str, Decision]
    amounts: tuple[AmountRule, ...]
    first_order: AmountRule
    beyond_history: BeyondHistoryRule | None = None
    high_resale: GoodsRule | None = None
    billing_shipping_country: Rule
    card_country: Rule
    disposable_email: DomainRule
    velocity: tuple[VelocityRule, ...]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)

    versions: tuple[Rules, ...]


@lru_cache(maxsize=1)
def _versions() -> dict[str, Rules]:
    read = _File.model_validate_json(FILE.read_bytes())
    return {rules.model_version: rules for rules in read.versions}


def rules(model_version: str | None = None) -> Rules:
    """Return a version of the rule table, the newest (last in the file) by default; LookupError for an unknown one."""
    known = _versions()
    return known[model_version] if model_version else next(reversed(known.values()))
