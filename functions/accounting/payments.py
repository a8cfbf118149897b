"""What payments mean to the books: pure rules from an event and the seller's books to balanced legs."""

from functions.accounting import accounts
from functions.accounting.entities import collector_of
from functions.accounting.functional_currency import Books
from functions.accounting.legs import Leg, between
from functions.accounting.sides import signed
from shared.errors import Undeliverable
from shared.events.payment import (
    PaymentApplied,
    PaymentCaptured,
    PaymentChargedBack,
    PaymentOwedBack,
    PaymentPaidOut,
    PaymentPrepaid,
    PaymentRefunded,
    PaymentRepaid,
)
from shared.values.money import Money


def captured(event: PaymentCaptured, seller: Books) -> list[Leg]:
    """Return the payment: the gateway owes us what the customer owed."""
    clearing = _clearing(event.gateway, event.amount, seller)
    return between(("capture", "collection"), (seller, accounts.RECEIVABLES), clearing, [-event.amount])


def prepaid(event: PaymentPrepaid, seller: Books) -> list[Leg]:
    """Return money that came before the goods left: whoever took it owes us, and we owe the goods (IFRS 15.106)."""
    clearing = _clearing(event.gateway, event.amount, seller)
    names = ("prepayment", "collection")
    return between(names, (seller, accounts.CONTRACT_LIABILITIES), clearing, [-event.amount])


def applied(event: PaymentApplied, seller: Books) -> list[Leg]:
    """Return that what was prepaid pays for a shipment: it is owed no more, by either side."""
    postings = [signed(accounts.CONTRACT_LIABILITIES, event.amount), signed(accounts.RECEIVABLES, -event.amount)]
    return [Leg("application", seller, postings)]


def owed_back(event: PaymentOwedBack, seller: Books) -> Leg:
    """Return that what was prepaid pays for nothing any more: we owe the customer money, not goods (IFRS 15.B21)."""
    amount = event.amount
    return Leg(
        "owed_back", seller, [signed(accounts.CONTRACT_LIABILITIES, amount), signed(accounts.REFUND_LIABILITY, -amount)]
    )


def repaid(event: PaymentRepaid, seller: Books) -> list[Leg]:
    """Return that it was given back: we owe the customer no more, and whoever took it owes us so much less."""
    clearing = _clearing(event.gateway, event.amount, seller)
    return between(("repaid", "repayment"), (seller, accounts.REFUND_LIABILITY), clearing, [event.amount])


def refunded(event: PaymentRefunded, seller: Books) -> list[Leg]:
    """Return the refund: the customer got what was owed, out of what the gateway owes us."""
    clearing = _clearing(event.gateway, event.amount, seller)
    return between(("refund", "repayment"), (seller, accounts.REFUND_LIABILITY), clearing, [event.amount])


def charged_back(event: PaymentChargedBack, seller: Books) -> list[Leg]:
    """Return the chargeback, and what the gateway asks for it: both are the seller's loss."""
    clearing = _clearing(event.gateway, event.amount, seller)
    return [
        *between(("chargeback", "repayment"), (seller, accounts.CHARGEBACKS), clearing, [event.amount]),
        *between(("fee", "fee_repayment"), (seller, accounts.PAYMENT_FEES), clearing, [event.fee]),
    ]


def paid_out(event: PaymentPaidOut) -> Leg:
    """Return the payout, in the books of the collector: money in the bank, less what the gateway keeps.

    What arrived in another currency than was promised is worth more or less: the difference is one of exchange.
    """
    books = Books.of(collector_of(event.gross.currency))
    postings = [
        signed(accounts.BANK, event.settled),
        signed(accounts.PAYMENT_FEES, event.fees),
        signed(accounts.bank_clearing(event.gateway), -event.gross),
        signed(accounts.EXCHANGE_DIFFERENCES, _lost(event, books)),
    ]
    return Leg("payout", books, postings)


def _lost(event: PaymentPaidOut, books: Books) -> Money:
    """Return by how much less arrived than was promised, in the books' currency if another one arrived."""
    if event.settled.currency == event.gross.currency:
        return event.gross - event.fees - event.settled
    bank, fees, gross = (books.value(each) for each in (event.settled, event.fees, event.gross))
    if {bank.currency, fees.currency, gross.currency} != {books.currency}:
        raise Undeliverable(f"no rate from {event.gross.currency} to {event.settled.currency}")
    return gross - fees - bank


def _clearing(gateway: str, amount: Money, seller: Books) -> tuple[Books, str]:
    return seller.beside(collector_of(amount.currency)), accounts.bank_clearing(gateway)
