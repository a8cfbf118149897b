"""The score: points of a rule table over what is known of an order. Pure, so that a decision can be recomputed."""

from pydantic import BaseModel, ConfigDict

from functions.fraud.rules import AmountRule, BeyondHistoryRule, Decision, GoodsRule, Rule, Rules, rules
from shared.http.models import Answer
from shared.values.money import Money


class Inputs(BaseModel):
    """Everything a score follows from. Counts include the order itself, by velocity rule's code; no one is named."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    email_domain: str
    total: Money
    billing_country: str | None = None
    shipping_country: str | None = None
    card_country: str | None = None
    first_order: bool = False
    skus: tuple[str, ...] = ()
    earlier_orders: int = 0
    """Confirmed orders of this customer in this currency, twenty at most."""
    highest_earlier: Money | None = None
    counts: dict[str, int] = {}


class Reason(Answer):
    """A rule that applied."""

    code: str
    points: int


class Assessment(Answer):
    """The score, 0 to 100, what it means, and why."""

    decision: Decision
    score: int
    reasons: tuple[Reason, ...]
    model_version: str


class DecisionRecord(BaseModel):
    """A decision as it is kept: with what it followed from."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    inputs: Inputs
    assessment: Assessment

    def recomputed(self) -> Assessment:
        """Assess the same inputs again by the same version of the rules: gives the same assessment."""
        return assess(self.inputs, rules(self.assessment.model_version))


def assess(inputs: Inputs, table: Rules) -> Assessment:
    """Add up the points of the rules that apply, to 100 at most; a forced e-mail domain decides alone."""
    forced = table.forced.get(inputs.email_domain)
    if forced:
        points = {"approve": 0, "review": table.review_at, "deny": 100}[forced]
        return Assessment(
            decision=forced,
            score=points,
            reasons=(Reason(code=f"forced_{forced}", points=points),),
            model_version=table.model_version,
        )
    reasons = tuple(Reason(code=rule.code, points=rule.points) for rule in _applying(inputs, table))
    score = min(100, sum(reason.points for reason in reasons))
    decision: Decision = "deny" if score >= table.deny_at else "review" if score >= table.review_at else "approve"
    return Assessment(decision=decision, score=score, reasons=reasons, model_version=table.model_version)


def reaches(rule: AmountRule, total: Money) -> bool:
    """Say whether a total reaches a rule's amount in its currency; never, if the rule doesn't name the currency."""
    at_least = rule.at_least.get(total.currency)
    return at_least is not None and total.decimal >= at_least


def _applying(inputs: Inputs, table: Rules) -> list[Rule]:
    domain = inputs.email_domain
    conditions: list[tuple[Rule, bool]] = [
        (table.first_order, inputs.first_order and reaches(table.first_order, inputs.total)),
        (table.billing_shipping_country, _differ(inputs.billing_country, inputs.shipping_country)),
        (table.card_country, _differ(inputs.card_country, inputs.billing_country)),
        (table.disposable_email, any(_within(domain, known) for known in table.disposable_email.domains)),
        *([(table.beyond_history, _beyond(table.beyond_history, inputs))] if table.beyond_history else []),
        *([(table.high_resale, _resells(table.high_resale, inputs))] if table.high_resale else []),
        *((rule, inputs.counts.get(rule.code, 0) >= rule.at_least) for rule in table.velocity),
    ]
    highest = next((rule for rule in table.amounts if reaches(rule, inputs.total)), None)
    return [*([highest] if highest else []), *(rule for rule, applies in conditions if applies)]


def _beyond(rule: BeyondHistoryRule, inputs: Inputs) -> bool:
    highest = inputs.highest_earlier
    if highest is None or inputs.earlier_orders < rule.orders or not reaches(rule, inputs.total):
        return False
    return highest * rule.times_highest < inputs.total


def _resells(rule: GoodsRule, inputs: Inputs) -> bool:
    return reaches(rule, inputs.total) and not rule.skus.isdisjoint(inputs.skus)


def _differ(one: str | None, other: str | None) -> bool:
    """Only what is known can differ."""
    return one is not None and other is not None and one != other


def _within(domain: str, known: str) -> bool:
    return domain == known or domain.endswith(f".{known}")
