"""The old checkout, over sockets and without a token, against the whole estate: one order, whatever comes twice."""

import base64
import json
from uuid import uuid4

import pytest

from tests.estate import RunningEstate
from tests.functions.legacy_checkout.old_checkout import calls_of
from tests.journeys.books import assert_books_agree
from tests.journeys.shopping import stock

pytestmark = pytest.mark.estate
SUNGLASSES = "OLJCESPC7Z"


def test_calls_and_message_of_the_old_checkout_are_one_order(estate: RunningEstate) -> None:
    order_id = str(uuid4())
    ours, before = f"ord_{order_id}", stock(estate, SUNGLASSES)
    for call in [*calls_of(order_id), *calls_of(order_id)]:
        if call.is_message:
            data = base64.b64encode(json.dumps(call.body).encode()).decode()
            estate.post("/-/topics/order-events/publish", {"messages": [{"data": data}]})
        else:
            answer = estate.ask(call.method, f"/legacy_checkout{call.path}", call.body, caller=None)
            assert answer.status_code < 300, (call, answer.text)
    estate.settle()

    order = estate.get(f"/order_management/orders/{ours}")
    assert (order["status"], order["total"]["amount"]) == ("confirmed", "57.96")
    assert stock(estate, SUNGLASSES) == (before[0], before[1] + 2)
    (shipment,) = estate.get(f"/warehouse/shipments?order_id={ours}")["items"]
    for deed in ("dispatch", "deliver"):
        estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/{deed}", {})
        estate.settle()
    assert estate.get(f"/order_management/orders/{ours}")["status"] == "delivered"
    assert stock(estate, SUNGLASSES)[0] == before[0] - 2
    told = {
        row["orderId"]
        for row in estate.ask("GET", "/legacy_checkout/accounting/transactions", caller=None).json()["transactions"]
    }
    assert order_id in told
    assert estate.get("/-/dead-letters")["items"] == []
    assert_books_agree(estate)
