"""Stripe as a gateway: PaymentIntents that are captured by hand, several times. Not tried against Stripe itself.

Captures of parts need Stripe's multicapture, which an account must be enabled for
(https://docs.stripe.com/payments/multicapture). What ran out is not held again: that needs the card kept on a customer.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Self
from urllib.parse import quote

from functions.payment import stripe_answers as answers
from functions.payment.fees import FeeSchedule
from functions.payment.gateway import (
    Capabilities,
    Card,
    Gateway,
    GatewayTimeout,
    GatewayUnavailable,
    Outcome,
    UnknownToken,
)
from functions.payment.stripe_record import StripeRecord
from functions.payment.stripe_wire import Form, Reply, StripeWire
from shared.settings import Settings
from shared.storage import Database, Transaction
from shared.storage.connect import connect
from shared.storage.guard import leaving
from shared.values.money import Money

log = logging.getLogger(__name__)

SEARCHABLE = timedelta(minutes=10)
"""How long Stripe's search may not know what was made (https://docs.stripe.com/search: a minute, in trouble more)."""
REPEATABLE = timedelta(hours=20)
"""How long a repeat does nothing twice: Stripe keeps keys for 24 hours at least."""
INTENTS = "/v1/payment_intents"
_EXPAND: Form = {"expand[]": "latest_charge"}


class StripeGateway(Gateway):
    """Keeps the Gateway port by Stripe's API and a record of what was asked under each key."""

    name: ClassVar[str] = "stripe"
    capabilities: ClassVar[Capabilities] = Capabilities(
        several_captures=True, authorization_lifetime=answers.LIFETIME, reauthorization=False
    )
    fees: ClassVar[FeeSchedule] = FeeSchedule(Decimal("0.029"), Money.of("0.30", "USD"), Money.of("15.00", "USD"))
    """Stripe's list price in the United States; its own payouts may differ by what an account has agreed."""

    def __init__(self, db: Database, wire: StripeWire, storefront: str) -> None:
        self._db, self._wire, self._storefront = db, wire, storefront

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Open the records and the connection."""
        return cls(connect("gateway", settings), StripeWire(settings), settings.storefront)

    def look_up(self, token: str, email: str) -> Card:
        """Describe the card behind a PaymentMethod; UnknownToken."""
        leaving("payment gateway")
        reply = self._wire.get(f"/v1/payment_methods/{quote(token, safe='')}")
        if reply.error or "card" not in reply.body:
            raise UnknownToken
        card = reply.body["card"]
        return Card(card["fingerprint"], card["brand"], card["country"] or "")

    def authorize(self, key: str, token: str, amount: Money, now: datetime) -> Outcome:
        """Make and confirm a PaymentIntent to be captured by hand."""
        leaving("payment gateway")
        record = self._asked(key, now, authorization=True)
        if record.status:
            return record.outcome()
        if not answers.takes(amount.currency):
            return self._ended(record, Outcome("declined", decline_code="currency_not_supported"))
        form = {
            "amount": answers.units(amount),
            "currency": amount.currency.lower(),
            "payment_method": token,
            "payment_method_types[]": "card",
            "payment_method_options[card][request_multicapture]": "if_available",
            "capture_method": "manual",
            "confirm": "true",
            "return_url": f"{self._storefront}/checkout/authenticated",
            "metadata[key]": key,
            **_EXPAND,
        }
        try:
            outcome = answers.authorized(self._wire.post(INTENTS, form, key))
        except (GatewayUnavailable, UnknownToken):
            self._db.transact(lambda tx: tx.delete(record))
            raise
        return self._ended(record, outcome, outcome.payment_id)

    def confirm(self, key: str, authorization: str, now: datetime) -> Outcome:
        """Read how the customer's authentication ended; a PaymentIntent goes on by itself after it."""
        leaving("payment gateway")
        record = self._db.get(StripeRecord, authorization)
        if record is None or not record.intent:
            return Outcome("declined", decline_code="unknown_authorization")
        if record.voided:
            return Outcome("declined", decline_code="authorization_voided", payment_id=record.payment_id)
        if record.status != "requires_action":
            return record.outcome()
        return self._ended(record, self._standing(record.intent))

    def reauthorize(self, key: str, authorization: str, amount: Money, now: datetime) -> Outcome:
        """Refuse: this adapter's capabilities say that it can't."""
        leaving("payment gateway")
        return Outcome("declined", decline_code="reauthorization_not_supported")

    def capture(self, key: str, authorization: str, amount: Money, now: datetime) -> Outcome:
        """Take part of what is held, and leave the rest held."""
        leaving("payment gateway")
        held, record = self._db.get(StripeRecord, authorization), self._asked(key, now)
        if record.status:
            return record.outcome()
        _check_age(record, now)
        refusal = _capture_refusal(held, amount)
        if held is None or held.intent is None or refusal:
            return self._ended(record, Outcome("declined", amount, decline_code=refusal))
        form = {"amount_to_capture": answers.units(amount), "final_capture": "false"}
        refusal = answers.capture_refusal(self._wire.post(f"{INTENTS}/{held.intent}/capture", form, key))
        outcome = Outcome("declined" if refusal else "captured", amount, decline_code=refusal)
        return self._ended(record, outcome, held.intent)

    def void(self, key: str, authorization: str, now: datetime) -> Outcome:
        """Cancel what is left of a PaymentIntent; one that was never asked for is refused from now on."""
        leaving("payment gateway")
        record, held = self._asked(key, now), self._settled(authorization, now)
        if record.status:
            return record.outcome()
        amount = None
        if held.intent is not None and held.currency is not None:
            amount = Money.zero(held.currency)
            if not held.voided:
                reply = self._wire.post(f"{INTENTS}/{held.intent}/cancel", {}, key)
                amount = answers.released(reply, held.status == "authorized", held.currency)
        late = {} if held.status else {"status": "declined", "decline_code": "authorization_voided"}
        self._db.transact(lambda tx: tx.put(held.model_copy(update={"voided": True, **late})))
        return self._ended(record, Outcome("voided", amount))

    def refund(self, key: str, capture: str, amount: Money, now: datetime) -> Outcome:
        """Give back part of what a PaymentIntent took."""
        leaving("payment gateway")
        taken, record = self._db.get(StripeRecord, capture), self._asked(key, now)
        if record.status:
            return record.outcome()
        _check_age(record, now)
        if taken is None or taken.intent is None or taken.status != "captured":
            return self._ended(record, Outcome("declined", amount, decline_code="unknown_capture"))
        form = {"payment_intent": taken.intent, "amount": answers.units(amount), "metadata[key]": key}
        refusal = answers.refund_refusal(self._wire.post("/v1/refunds", form, key))
        outcome = Outcome("declined" if refusal else "refunded", amount, decline_code=refusal)
        return self._ended(record, outcome, taken.intent)

    def outcome(self, key: str, now: datetime) -> Outcome:
        """Tell how the operation of a key ended; one without answer is searched for by the key it was given."""
        leaving("payment gateway")
        record = self._db.get(StripeRecord, key)
        if record is None:
            return Outcome("none")
        if record.status:
            return record.outcome()
        if not record.authorization:
            return Outcome("unknown")
        found = self._wire.get(f"{INTENTS}/search", {"query": f'metadata["key"]:"{key}"'})
        if found.status == 200 and found.body["data"]:
            intent = found.body["data"][0]["id"]
            return self._ended(record, self._standing(intent), intent)
        return Outcome("unknown" if now - record.asked_at < SEARCHABLE else "none")

    def _asked(self, key: str, now: datetime, *, authorization: bool = False) -> StripeRecord:
        """Return a key's record, a new one written before Stripe is asked."""

        def work(tx: Transaction) -> StripeRecord:
            known = tx.get(StripeRecord, key)
            if known is None:
                known = StripeRecord(key=key, asked_at=now, authorization=authorization)
                tx.create(known)
            return known

        return self._db.transact(work)

    def _ended(self, record: StripeRecord, outcome: Outcome, intent: str | None = None) -> Outcome:
        """Write how an operation ended, unless it is not known; what was voided meanwhile is cancelled."""
        if outcome.status == "unknown":
            raise GatewayTimeout
        if outcome.status == "declined":
            outcome = replace(outcome, amount=None)

        def work(tx: Transaction) -> StripeRecord:
            current = tx.get(StripeRecord, record.key) or record
            after = current if current.voided else current.ended(outcome, intent)
            tx.put(after)
            return after

        after = self._db.transact(work)
        if after.voided and intent and outcome.status != "declined":
            self._wire.post(f"{INTENTS}/{intent}/cancel", {}, f"{record.key}.late")
        return after.outcome()

    def _settled(self, authorization: str, now: datetime) -> StripeRecord:
        """Return an authorization's record, new if it was never asked for; GatewayTimeout if nobody knows."""
        if self.outcome(authorization, now).status == "unknown":
            raise GatewayTimeout
        return self._db.get(StripeRecord, authorization) or StripeRecord(
            key=authorization, asked_at=now, authorization=True
        )

    def _standing(self, intent: str) -> Outcome:
        reply: Reply = self._wire.get(f"{INTENTS}/{intent}", _EXPAND)
        if reply.error:
            raise GatewayTimeout
        return answers.standing(reply.body)


def _check_age(record: StripeRecord, now: datetime) -> None:
    """Repeat nothing of which Stripe may have forgotten the key: a person must look how it ended."""
    if now - record.asked_at > REPEATABLE:
        log.error("%s has had no answer for a day; look it up at stripe", record.key)
        raise GatewayTimeout


def _capture_refusal(held: StripeRecord | None, amount: Money) -> str | None:
    """Say why nothing can be captured, as far as the record of the authorization knows."""
    if held is None or not held.status or held.intent is None:
        return "unknown_authorization"
    rules = {
        "authorization_voided": held.voided,
        "not_authorized": held.status != "authorized",
        "currency_mismatch": amount.currency != held.currency,
        "amount_exceeds_authorization": amount.minor <= 0,
    }
    return next((code for code, broken in rules.items() if broken), None)
