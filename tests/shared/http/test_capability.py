"""A signature that doesn't fit its row is a defect that is found when the function is loaded, not when it is called."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Self

import pytest

from shared.calls import Calls
from shared.events import Envelope
from shared.events.order import OrderCancelled, OrderRejected
from shared.http.capability import BadSignature, read_signature
from shared.http.models import Caller, Command, Receipt
from shared.manifest import FunctionRow
from shared.settings import Settings
from shared.storage import Database, Transaction
from shared.values.identifiers import OrderId

POST = FunctionRow(http="POST /orders")
EVENT = FunctionRow(event=("order.cancelled", "order.rejected"))


class Body(Command):
    reason: str


class Oven:
    """A port of the service's own."""

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls()


def test_parameters_are_recognised_by_type() -> None:
    def work(
        order_id: OrderId,
        command: Body,
        db: Database,
        call: Calls,
        oven: Oven,
        who: Caller,
        at: datetime,
        limit: int = 5,
    ) -> None: ...

    found = read_signature("bakery", "work", FunctionRow(http="POST /orders/{order_id}/bake"), work)

    assert found.injected == {"db": "db", "call": "call", "who": "caller", "at": "now"}
    assert found.body == ("command", Body)
    assert found.ports == {"oven": Oven}
    assert list(found.parameters) == ["order_id", "limit"]
    assert found.required == {"order_id"}


def test_the_types_of_an_event_function_are_those_of_its_row() -> None:
    def hear(event: OrderCancelled | OrderRejected, envelope: Envelope, tx: Transaction) -> None: ...

    found = read_signature("bakery", "hear", EVENT, hear)

    assert found.event == ("event", {"order.cancelled": OrderCancelled, "order.rejected": OrderRejected})


def _tx_and_call(tx: Transaction, call: Calls) -> None: ...


def _tx_and_port(tx: Transaction, oven: Oven) -> None: ...


def _tx_and_db(tx: Transaction, db: Database) -> None: ...


def _tx_and_receipt(tx: Transaction, receipt: Receipt) -> None: ...


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (_tx_and_call, "takes tx and call"),
        (_tx_and_port, "takes tx and oven"),
        (_tx_and_db, "takes tx and db or receipt"),
        (_tx_and_receipt, "takes tx and db or receipt"),
    ],
)
def test_a_transaction_meets_nothing_outside(function: Callable[..., Any], says: str) -> None:
    with pytest.raises(BadSignature, match=says):
        read_signature("bakery", "work", POST, function)


def test_each_parameter_of_the_path_is_taken() -> None:
    def work(customer_id: str, db: Database) -> None: ...

    with pytest.raises(BadSignature, match=r"functions.bakery.work lacks path parameters \['order_id'\]"):
        read_signature("bakery", "work", FunctionRow(http="GET /orders/{order_id}"), work)


def _fewer(event: OrderCancelled, tx: Transaction) -> None: ...


@pytest.mark.parametrize(
    ("row", "names"),
    [
        (EVENT, "order.rejected"),
        (FunctionRow(event=("order.rejected",)), "order.cancelled"),
    ],
)
def test_the_row_and_the_annotation_name_the_same_events(row: FunctionRow, names: str) -> None:
    with pytest.raises(BadSignature, match=f"differ in .*{names}"):
        read_signature("bakery", "hear", row, _fewer)
