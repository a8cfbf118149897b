import json

from bench.hot_sku import BUYERS, HOT, Hot, hot, normal


def rush(**changed) -> Hot:
    usual = {"buyers": 500, "pieces": 100, "shards": 8, "sold": 100, "refused": 400, "rate": 30.0, "normal_rate": 50.0}
    return Hot(**usual | {"violations": []} | changed)


def test_every_buyer_of_the_hot_product_is_another_and_wants_one_piece() -> None:
    bodies = [json.loads(hot(number)) for number in range(BUYERS)]

    assert len({body["customer"]["email"] for body in bodies}) == BUYERS
    assert all(body["items"] == [{"sku": HOT, "quantity": 1}] for body in bodies)


def test_buyers_of_anything_spread_over_all_products() -> None:
    assert len({json.loads(normal(number))["items"][0]["sku"] for number in range(20)}) == 9


def test_it_holds_only_if_exactly_what_there_was_is_sold_at_half_the_normal_rate() -> None:
    assert rush().holds
    assert not rush(violations=["pieces sold: 101, not 100"]).holds
    assert not rush(rate=24.9).holds
    assert rush().share == 0.6
