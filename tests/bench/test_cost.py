from decimal import Decimal

from bench.cost import cost


def test_a_thousand_orders_of_25_ms_and_36_deliveries() -> None:
    found = cost(cpu_ms=25.0, deliveries=36.0)

    assert found.cpu == Decimal("0.0012")  # 25 s at work, 50 s billed
    assert found.memory == Decimal("0.0000625")  # half a GiB for 50 s
    assert found.requests == Decimal("0.02")  # 50,000 requests
    assert found.total == Decimal("0.0212625")
