import json

from bench.orders import MOST, OPENING, PIECES, SKUS, body, items, requests


def test_every_order_has_a_customer_of_its_own_and_three_products() -> None:
    placed = [json.loads(body(number)) for number in range(200)]

    assert len({order["customer"]["email"] for order in placed}) == 200
    assert all(sum(line["quantity"] for line in order["items"]) == PIECES for order in placed)
    assert all(len({line["sku"] for line in order["items"]}) == 3 for order in placed)


def test_the_opening_stock_is_enough_for_the_most_orders() -> None:
    sold = dict.fromkeys(SKUS, 0)
    for number in range(MOST):
        for sku, quantity in items(number).items():
            sold[sku] += quantity

    assert max(sold.values()) < OPENING - 100


def test_no_two_requests_share_an_idempotency_key() -> None:
    heads = [request.partition(b"\r\n\r\n")[0] for request in requests("127.0.0.1:1", "token", 0, 50)]

    assert len({line for head in heads for line in head.split(b"\r\n") if line.startswith(b"Idempotency-Key")}) == 50
