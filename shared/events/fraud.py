"""Fraud decisions: published by order_management on behalf of fraud, which no event reaches or leaves."""

from typing import ClassVar

from shared.events.envelope import Event
from shared.events.priced_order import FraudDecision
from shared.values.identifiers import OrderId


class FraudScored(Event):
    """An order has a score: with its order, or later when fraud had been silent."""

    type: ClassVar[str] = "fraud.scored"
    order_id: OrderId
    fraud: FraudDecision
