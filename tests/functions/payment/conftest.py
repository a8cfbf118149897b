"""A payment service beside its gateway, each with a database of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from functions.payment.authorize_payment import AuthorizePayment, authorize_payment
from functions.payment.capture_shipment import capture_shipment
from functions.payment.confirm_authorization import ConfirmAuthorization, confirm_authorization
from functions.payment.record_chargeback import RecordChargeback, record_chargeback
from functions.payment.reduce_charge import reduce_charge
from functions.payment.refund_return import refund_return
from functions.payment.sandbox_gateway import SandboxGateway
from functions.payment.void_abandoned import void_abandoned
from functions.payment.void_authorization import VoidAuthorization, void_authorization
from shared.errors import BoutiqueError
from shared.events.envelope import Envelope, Event
from shared.events.order import OrderCancelled
from shared.storage import Database
from shared.storage.durability import scope
from shared.values.money import Money
from tests.functions.payment.occurrences import dispatched, reduced, returned
from tests.receipts import Recorded

ORDER = "ord_1"


class Crash(Exception):
    """The process dies here."""


class Interrupted(SandboxGateway):
    """The sandbox gateway of a process that dies.

    Before it asks (`before`), or once the gateway has done it (`after`).
    """

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.before: set[str] = set()
        self.after: set[str] = set()
        self.asked: list[str] = []
        self.meanwhile: Callable[[], Any] | None = None

    def _through(self, what: str, ask: Callable[[], Any]) -> Any:
        self.asked.append(what)
        if what in self.before:
            raise Crash(what)
        answer = ask()
        if what in self.after:
            raise Crash(what)
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return answer

    def authorize(self, *args: Any) -> Any:
        return self._through("authorize", lambda: super(Interrupted, self).authorize(*args))

    def confirm(self, *args: Any) -> Any:
        return self._through("confirm", lambda: super(Interrupted, self).confirm(*args))

    def capture(self, *args: Any) -> Any:
        return self._through("capture", lambda: super(Interrupted, self).capture(*args))

    def void(self, *args: Any) -> Any:
        return self._through("void", lambda: super(Interrupted, self).void(*args))

    def reauthorize(self, *args: Any) -> Any:
        return self._through("reauthorize", lambda: super(Interrupted, self).reauthorize(*args))

    def refund(self, *args: Any) -> Any:
        return self._through("refund", lambda: super(Interrupted, self).refund(*args))

    def outcome(self, *args: Any) -> Any:
        return self._through("outcome", lambda: super(Interrupted, self).outcome(*args))


@dataclass
class Payment:
    """The service as its callers use it, at a moment that `clock` says."""

    db: Database
    gateway: Interrupted
    clock: Callable[[], datetime]
    told: list[Envelope] = field(default_factory=list)

    def _run(self, work: Callable[[], Any]) -> Any:
        """Run work as the edge does: what it emitted is published also when it ends in a refusal."""
        refusal = None
        with scope(self.told.extend):
            try:
                return work()
            except (BoutiqueError, Crash) as error:
                refusal = error
        raise refusal

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        return [(event.type, event.data) for event in self.told]

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.told]

    def authorize(
        self, token: str = "tok_visa", amount: str = "100.00", order_id: str = ORDER, currency: str = "USD"
    ) -> Any:
        command = AuthorizePayment(
            order_id=order_id, token=token, email="ada@example.com", amount=Money.of(amount, currency)
        )
        return self._run(lambda: authorize_payment(command, self.db, self.gateway, self.clock()))

    def confirm(self, order_id: str = ORDER) -> Any:
        command = ConfirmAuthorization()
        return self._run(lambda: confirm_authorization(order_id, command, self.db, self.gateway, self.clock()))

    def void(self, order_id: str = ORDER) -> str:
        command = VoidAuthorization(reason="undo")
        answer = self._run(lambda: void_authorization(order_id, command, self.db, self.gateway, self.clock()))
        return str(answer.status)

    def hear(self, function: Callable[..., Any], event: Event) -> Recorded:
        """Deliver an event to a function; returns the record of it."""
        receipt = Recorded()
        self._run(lambda: function(event, self.db, self.gateway, receipt, self.clock()))
        return receipt

    def capture(self, amount: str, shipment: str = "shp_1", order_id: str = ORDER, currency: str = "USD") -> Recorded:
        return self.hear(capture_shipment, dispatched(shipment, order_id, Money.of(amount, currency)))

    def reduce(self, amount: str, reduction: str = "red_1", currency: str = "USD") -> Recorded:
        return self.hear(reduce_charge, reduced(reduction, ORDER, Money.of(amount, currency)))

    def cancel(self) -> Recorded:
        return self.hear(void_abandoned, OrderCancelled(order_id=ORDER, by="ada", reason="changed her mind"))

    def take_back(
        self, lines: dict[str, str], shipping: str = "0.00", return_id: str = "ret_1", seller: str | None = None
    ) -> Recorded:
        """Deliver shipment.returned: pieces worth so much of each shipment, and shipping."""
        return self.hear(refund_return, returned(return_id, ORDER, lines, shipping, seller))

    def charge_back(self, amount: str | None = None, chargeback_id: str = "cbk_1", currency: str = "USD") -> Any:
        told = RecordChargeback(
            chargeback_id=chargeback_id,
            order_id=ORDER,
            amount=Money.of(amount, currency) if amount else None,
            reason="not_received",
        )
        return self._run(lambda: record_chargeback(told, self.db, self.gateway, self.clock()))

    def run(self, function: Callable[..., Any]) -> Any:
        return self._run(lambda: function(db=self.db, gateway=self.gateway, now=self.clock()))


@pytest.fixture
def payment(database_of: Callable[[str], Database], clock: Callable[[], datetime]) -> Payment:
    return Payment(database_of("payment"), Interrupted(database_of("gateway")), clock)
