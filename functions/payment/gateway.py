"""The Gateway port: the outside party that holds and takes money on cards."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from functions.payment.fees import FeeSchedule
from shared.settings import Settings
from shared.values.money import Money


@dataclass(frozen=True)
class Capabilities:
    """What a gateway can do, so that callers need not find out by failing."""

    several_captures: bool
    authorization_lifetime: timedelta
    reauthorization: bool
    """Whether what was held on a card may be held there again, without the customer."""


@dataclass(frozen=True)
class Card:
    """What a gateway tells of the card behind a token; the fingerprint is the same for the same card and e-mail."""

    fingerprint: str
    brand: str
    country: str


Check = Literal["match", "mismatch"]


@dataclass(frozen=True)
class Outcome:
    """How an operation ended.

    `unknown`: it may have happened, ask again later; `none`: the gateway never saw the key. `amount` is what was
    authorized, captured, released by a void, or refunded. `avs` and `cvc` tell whether the billing address and the
    card's security code are those that the issuer knows; None if that was not checked.
    """

    status: Literal["authorized", "requires_action", "captured", "voided", "refunded", "declined", "unknown", "none"]
    amount: Money | None = None
    payment_id: str | None = None
    expires_at: datetime | None = None
    decline_code: str | None = None
    action_url: str | None = None
    avs: Check | None = None
    cvc: Check | None = None


class GatewayError(Exception):
    """The gateway gave no answer."""


class GatewayUnavailable(GatewayError):
    """The gateway did nothing and says so."""


class GatewayTimeout(GatewayError):
    """The gateway may or may not have done it: ask for the outcome by the key."""


class UnknownToken(GatewayError):
    """The gateway gave out no such token; nothing was done."""


class Gateway(ABC):
    """A payment gateway. Every operation carries an idempotency key and answers the same for the same key.

    `authorization` names an authorization by the key under which it was asked for, which is known before its answer is.
    `now` is the moment of asking. Every method may raise GatewayUnavailable or GatewayTimeout; refusals are outcomes.
    """

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    fees: ClassVar[FeeSchedule]

    @classmethod
    def connect(cls, settings: Settings) -> "Gateway":
        """Return this process's gateway, as the settings say; an adapter is imported when it is chosen."""
        if settings.gateway == "stripe":
            from functions.payment.stripe_gateway import StripeGateway  # noqa: PLC0415

            return StripeGateway.connect(settings)
        from functions.payment.sandbox_gateway import SandboxGateway  # noqa: PLC0415

        return SandboxGateway.connect(settings)

    @abstractmethod
    def look_up(self, token: str, email: str) -> Card:
        """Describe the card behind a token; UnknownToken. No money moves."""

    @abstractmethod
    def authorize(self, key: str, token: str, amount: Money, now: datetime) -> Outcome:
        """Hold an amount: authorized, requires_action or declined; UnknownToken."""

    @abstractmethod
    def confirm(self, key: str, authorization: str, now: datetime) -> Outcome:
        """Finish an authorization that required action: authorized or declined."""

    @abstractmethod
    def reauthorize(self, key: str, authorization: str, amount: Money, now: datetime) -> Outcome:
        """Hold an amount on the card of an earlier authorization: authorized or declined.

        The earlier one is not released by this. Asked only of a gateway whose capabilities say that it can.
        """

    @abstractmethod
    def capture(self, key: str, authorization: str, amount: Money, now: datetime) -> Outcome:
        """Take part of what is held: captured or declined. Never more than authorized, never after void or expiry."""

    @abstractmethod
    def void(self, key: str, authorization: str, now: datetime) -> Outcome:
        """Release what is held and not captured. An authorization not seen yet is refused when it comes after this."""

    @abstractmethod
    def refund(self, key: str, capture: str, amount: Money, now: datetime) -> Outcome:
        """Give back part of what was taken: refunded or declined. `capture` is the key under which it was captured.

        Never more than was captured under that key.
        """

    @abstractmethod
    def outcome(self, key: str, now: datetime) -> Outcome:
        """Tell how the operation of a key ended; `unknown` and `none` are answers, too."""
