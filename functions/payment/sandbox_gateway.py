"""The sandbox gateway: an outside party with a durable store of its own, which enforces its rules itself."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Self

from functions.payment.fees import FeeSchedule
from functions.payment.gateway import Capabilities, Card, Gateway, GatewayTimeout, Outcome, UnknownToken
from functions.payment.sandbox_cards import CARDS, described
from functions.payment.sandbox_operation import SandboxOperation, captured, refunded, voided
from functions.payment.sandbox_payment import LIFETIME, SandboxPayment, confirmed, opened, renewed
from shared.settings import Settings
from shared.storage import Database, Transaction
from shared.storage.connect import connect
from shared.storage.guard import leaving
from shared.values.money import Money


class SandboxGateway(Gateway):
    """Keeps the Gateway port by tokens that say how they behave (`sandbox_cards.py`)."""

    name: ClassVar[str] = "sandbox"
    capabilities: ClassVar[Capabilities] = Capabilities(
        several_captures=True, authorization_lifetime=LIFETIME, reauthorization=True
    )

    fees: ClassVar[FeeSchedule] = FeeSchedule(Decimal("0.029"), Money.of("0.30", "USD"), Money.of("15.00", "USD"))

    def __init__(self, db: Database) -> None:
        self._db = db

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Open the gateway's own store."""
        return cls(connect("gateway", settings))

    def look_up(self, token: str, email: str) -> Card:
        """Describe the card behind a token; UnknownToken."""
        leaving("payment gateway")
        card = described(token, email)
        if card is None:
            raise UnknownToken
        return card

    def authorize(self, key: str, token: str, amount: Money, now: datetime) -> Outcome:
        """Hold an amount, as the token behaves."""
        leaving("payment gateway")
        if token not in CARDS:
            raise UnknownToken
        payment = self._db.transact(lambda tx: tx.get(SandboxPayment, key) or opened(tx, key, token, amount, now))
        if now < payment.told_from:
            raise GatewayTimeout
        return payment.outcome()

    def confirm(self, key: str, authorization: str, now: datetime) -> Outcome:
        """Authenticate the customer, which succeeds here unless the authorization was voided or never asked for."""
        leaving("payment gateway")
        return self._db.transact(lambda tx: confirmed(tx, authorization, now))

    def reauthorize(self, key: str, authorization: str, amount: Money, now: datetime) -> Outcome:
        """Hold an amount on the card of an earlier authorization, as its token behaves."""
        leaving("payment gateway")

        def work(tx: Transaction) -> Outcome:
            known = tx.get(SandboxPayment, key)
            return known.outcome() if known else renewed(tx, key, authorization, amount, now)

        return self._db.transact(work)

    def capture(self, key: str, authorization: str, amount: Money, now: datetime) -> Outcome:
        """Take part of what is held."""
        leaving("payment gateway")
        return self._db.transact(
            lambda tx: (tx.get(SandboxOperation, key) or captured(tx, key, authorization, amount, now)).outcome()
        )

    def void(self, key: str, authorization: str, now: datetime) -> Outcome:
        """Release what is left."""
        leaving("payment gateway")
        return self._db.transact(
            lambda tx: (tx.get(SandboxOperation, key) or voided(tx, key, authorization, now)).outcome()
        )

    def refund(self, key: str, capture: str, amount: Money, now: datetime) -> Outcome:
        """Give back part of what was taken."""
        leaving("payment gateway")
        return self._db.transact(
            lambda tx: (tx.get(SandboxOperation, key) or refunded(tx, key, capture, amount, now)).outcome()
        )

    def outcome(self, key: str, now: datetime) -> Outcome:
        """Tell how the operation of a key ended."""
        leaving("payment gateway")
        payment = self._db.get(SandboxPayment, key)
        if payment is not None:
            return payment.outcome() if now >= payment.told_from else Outcome("unknown")
        operation = self._db.get(SandboxOperation, key)
        return operation.outcome() if operation is not None else Outcome("none")
