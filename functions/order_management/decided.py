"""An order, its reductions and its returns, as they follow from its facts and the events that told them."""

from functions.order_management.facts import wanted_pieces
from functions.order_management.following_returns import received_worth
from functions.order_management.life import live
from functions.order_management.order import Fact, Order
from functions.order_management.recording import settle
from functions.order_management.reduction import Reduction
from functions.order_management.returns import Return, Worth, worth_of
from functions.order_management.review import open_review, scored_late
from shared.events import Event
from shared.events.fraud import FraudScored
from shared.events.order import (
    OrderActionRequired,
    OrderApproved,
    OrderBackordered,
    OrderCancelled,
    OrderConfirmed,
    OrderHeld,
    OrderReduced,
    OrderRefused,
    OrderRejected,
    OrderReturnRefunded,
    OrderReturnRequested,
)
from shared.events.shipment import ShipmentReturned
from shared.values.money import Money

Opening = OrderConfirmed | OrderHeld | OrderBackordered | OrderActionRequired


class Decided:
    """Takes an order's facts, causes first; then `end` folds them."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.reductions: list[Reduction] = []
        self.returns: dict[str, Return] = {}

    def take(self, fact: Fact, event: Event) -> None:
        """Take what a fact changes beside the facts themselves."""
        if isinstance(event, Opening):
            self._placed(fact, event)
        elif isinstance(event, OrderRefused):
            self.order.scored |= event.fraud is not None and event.fraud.score is not None
        elif isinstance(event, FraudScored):
            self._scored(fact, event)
        elif isinstance(event, OrderApproved | OrderRejected):
            self.order.decided("approved" if isinstance(event, OrderApproved) else "rejected", fact.at)
        elif isinstance(event, OrderCancelled | OrderReduced):
            self._reduced(fact, event)
        else:
            self._returned(fact, event)

    def end(self) -> None:
        """Fold the facts into what lists and totals are found by."""
        settle(self.order)
        statuses = live(self.order).returns
        for key, goods in self.returns.items():
            self.returns[key] = goods.model_copy(update={"status": statuses[key]})

    def _placed(self, fact: Fact, event: Opening) -> None:
        self.order.describe(event.order)
        self.order.scored |= event.order.fraud.score is not None
        if not isinstance(event, OrderActionRequired | OrderBackordered):
            self.order.opened_at = fact.at
        if isinstance(event, OrderHeld):
            open_review(self.order, event)

    def _scored(self, fact: Fact, event: FraudScored) -> None:
        """Take a late score; its fact says what came of it together with what else held the order."""
        order = self.order
        order.scored = True
        reason = scored_late(order, event.fraud).decision
        order.facts = tuple(
            each.model_copy(update={"reason": reason}) if each == fact else each for each in order.facts
        )

    def _reduced(self, fact: Fact, event: OrderCancelled | OrderReduced) -> None:
        """Events that were published before they told it name no cancellation: it is named for its order then."""
        asked = event.asked
        reduction = Reduction(
            reduction_id=event.reduction_id or f"red_{self.order.order_id.removeprefix('ord_')}",
            order_id=self.order.order_id,
            by=event.by,
            reason=event.reason,
            wanted=asked and wanted_pieces(asked.wanted),
            reference=asked and asked.reference,
            state="cancelled",
            asked_at=asked.asked_at if asked else fact.at,
            ended_at=fact.at,
        )
        if isinstance(event, OrderReduced):
            worth = {"currency": event.total.currency, "total_minor": event.total.minor}
            reduction = reduction.model_copy(update={"state": "reduced", **worth})
        elif self.order.under_review is not None:
            self.order.decided("cancelled", fact.at)
        if asked:
            self.order.cancellations += (reduction.reduction_id,)
        self.reductions.append(reduction)

    def _returned(self, fact: Fact, event: Event) -> None:
        if isinstance(event, OrderReturnRequested):
            self._requested(fact, event)
            return
        goods = self.returns.get(fact.ref or "")
        if goods is None:
            return
        if isinstance(event, ShipmentReturned):
            goods.received = received_worth(goods, event)
        elif isinstance(event, OrderReturnRefunded):
            goods.refunded_at, goods.refunded_minor = fact.at, event.total.minor

    def _requested(self, fact: Fact, event: OrderReturnRequested) -> None:
        asked, currency = event.asked, str(self.order.currency)
        if event.amounts is None:  # told before amounts were: the goods alone
            worth = worth_of(event.lines, (Money(currency, 0), Money(currency, 0)), (), currency)
        else:
            worth = Worth(lines=event.lines, shipping_of=event.shipping_of, **dict(event.amounts))
        self.returns[event.return_id] = Return(
            return_id=event.return_id,
            order_id=self.order.order_id,
            customer_id=str(self.order.customer_id),
            currency=currency,
            by=event.by,
            reason=event.reason,
            reference=asked and asked.reference,
            wanted=asked and wanted_pieces(asked.wanted),
            refund_shipping=bool(asked and asked.refund_shipping),
            requested=worth,
            requested_at=fact.at,
        )
        self.order.returns += (event.return_id,)
