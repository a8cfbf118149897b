"""What a gateway pays to the bank: the documents, and what of each movement is paid out."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from functions.payment.capture import Capture
from functions.payment.chargeback import Chargeback
from functions.payment.exchange import exchanged
from functions.payment.fees import FeeSchedule
from functions.payment.refund import Refund
from shared.events.payment import PaymentPaidOut
from shared.seed import read
from shared.storage import Document, Index
from shared.values.clock import Timestamp
from shared.values.money import Money

HOME = "ob-us"
"""The entity that collects what no other banks in (`shared/seed/entities.json`)."""

STAGES: tuple[tuple[type[Capture] | type[Refund] | type[Chargeback], str], ...] = (
    (Capture, "captured_at"),
    (Refund, "refunded_at"),
    (Chargeback, "charged_back_at"),
)
"""What is gone through, one kind after the other, and by when it happened."""


class PayoutRun(Document):
    """How far the payouts in a currency are: everything before `since` is paid out.

    While `until` is set, a payout of what happened from `since` to before it is being added up: `stage` and `cursor`
    say how far. They change together with the sums, so that a crash repeats no movement and leaves none out.
    """

    collection: ClassVar[str] = "payout_runs"
    key_field: ClassVar[str] = "currency"

    currency: str
    gateway: str
    since: Timestamp | None = None
    until: Timestamp | None = None
    stage: int = 0
    cursor: str | None = None
    movements: int = 0
    gross_minor: int = 0
    fees_minor: int = 0

    def begun(self, gateway: str, until: datetime) -> "PayoutRun":
        """Return it with a payout to add up."""
        return self.model_copy(
            update={
                "gateway": gateway,
                "until": until,
                "stage": 0,
                "cursor": None,
                "movements": 0,
                "gross_minor": 0,
                "fees_minor": 0,
            }
        )

    def ended(self) -> "PayoutRun":
        """Return it with its payout made."""
        return self.model_copy(update={"since": self.until, "until": None})


class Payout(Document):
    """A gateway's payout of one day in one currency."""

    collection: ClassVar[str] = "payouts"
    key_field: ClassVar[str] = "payout_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("currency", "paid_out_at", sums=("net_minor",)),)

    payout_id: str
    gateway: str
    currency: str
    gross_minor: int
    fees_minor: int
    net_minor: int
    settled_currency: str
    settled_minor: int
    paid_out_at: Timestamp

    def event(self) -> PaymentPaidOut:
        """Return the event that tells of it."""
        return PaymentPaidOut(
            payout_id=self.payout_id,
            gateway=self.gateway,
            gross=Money(self.currency, self.gross_minor),
            fees=Money(self.currency, self.fees_minor),
            net=Money(self.currency, self.net_minor),
            settled=Money(self.settled_currency, self.settled_minor),
        )


def counted(movement: Document, fees: FeeSchedule) -> tuple[int, int]:
    """Return what a movement adds to gross and to fees, minor units.

    What a gateway asks for a chargeback it takes together with the chargeback; fees are what it keeps of captures.
    """
    match movement:
        case Capture():
            return movement.amount_minor, fees.of_capture(movement.amount).minor
        case Refund():
            return -movement.amount_minor, 0
        case Chargeback():
            return -movement.amount_minor - movement.fee_minor, 0
    raise TypeError(type(movement).__name__)


def paid_out(run: PayoutRun, now: datetime) -> Payout | None:
    """Return the payout of a run that has gone through everything; None if there was nothing."""
    if run.until is None or not run.movements:
        return None
    net = Money(run.currency, run.gross_minor - run.fees_minor)
    settled = exchanged(net, bank_currency(run.currency)) or net
    return Payout(
        payout_id=f"pot_{run.gateway}-{_day(run.until).isoformat()}-{run.currency}",
        gateway=run.gateway,
        currency=run.currency,
        gross_minor=run.gross_minor,
        fees_minor=run.fees_minor,
        net_minor=net.minor,
        settled_currency=settled.currency,
        settled_minor=settled.minor,
        paid_out_at=now,
    )


def bank_currency(currency: str) -> str:
    """Return in which currency a payout arrives: its own if an entity banks in it, else the home entity's."""
    banks: dict[str, str] = {each["entity"]: each["functional_currency"] for each in read("entities")["entities"]}
    return currency if currency in banks.values() else banks[HOME]


def _day(until: datetime) -> date:
    """Return the last day that a payout up to a midnight covers."""
    return (until - timedelta(days=1)).date()
