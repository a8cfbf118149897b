"""An order on Google's Firestore emulator, in one process: what holds on SQLite holds there, and what it costs.

`pytest --database firestore tests/functions/…` runs any service's tests the same way.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shared.manifest import manifest
from shared.storage.firestore import FirestoreDatabase
from shared.storage.firestore_wire import FirestoreWire
from tests.in_process import InProcess, basket

ELSEWHERE_IN_THE_CLOUD = ("fraud", "gateway", "mailbox")
"""Azure's own storage, the payment provider, the mail server."""


@pytest.fixture
def estate(tmp_path: Path, firestore_emulator: str) -> Iterator[InProcess]:
    started = InProcess(tmp_path, firestore=firestore_emulator)
    yield started
    started.close()


@pytest.fixture
def spent(monkeypatch: pytest.MonkeyPatch) -> "Counter[str]":
    """How many reads, queries and commits our own services made at Firestore, and how many writes those held."""
    counted: Counter[str] = Counter()

    def count(method: str, name: str) -> None:
        really = getattr(FirestoreWire, method)

        def call(self: FirestoreWire, *arguments: Any) -> Any:
            if not self.database.endswith(ELSEWHERE_IN_THE_CLOUD):
                counted[name] += 1
                counted["writes"] += len(arguments[0]) if method == "commit" else 0
            return really(self, *arguments)

        monkeypatch.setattr(FirestoreWire, method, call)

    for method, name in (("documents", "reads"), ("run", "queries"), ("aggregate", "queries"), ("commit", "commits")):
        count(method, name)
    return counted


def test_an_order_goes_its_whole_way_and_a_repeat_doubles_nothing(estate: InProcess) -> None:
    status, order = estate.place(basket())
    assert (status, order["status"], order["total"]["amount"]) == (201, "confirmed", "57.51")
    assert estate.place(basket()) == (201, order)
    estate.deliver()
    estate.deliver()
    order_id = order["order_id"]
    assert estate.get("/inventory/stock/OLJCESPC7Z")["reserved"] == 2
    assert [each["status"] for each in estate.get(f"/payment/payments?order_id={order_id}")["items"]] == ["authorized"]
    assert len(estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]) == 1
    assert estate.get(f"/order_management/orders/{order_id}")["status"] == "confirmed"


def test_a_plain_checkout_stays_within_its_budget(estate: InProcess, spent: "Counter[str]") -> None:
    estate.place(basket(), "key-0")
    estate.deliver()
    spent.clear()
    assert estate.place(basket(), "key-1")[0] == 201
    assert spent["reads"] <= 14
    assert spent["queries"] <= 2
    assert spent["commits"] <= 7


def test_several_checkouts_at_once_reserve_each_piece_once(estate: InProcess) -> None:
    before = estate.get("/inventory/stock/6E92ZMYYFZ")["available"]

    def place(number: int) -> int:
        return estate.place(basket(items=[{"sku": "6E92ZMYYFZ", "quantity": 1}]), f"key-{number}")[0]

    with ThreadPoolExecutor(8) as threads:
        answers = Counter(threads.map(place, range(24)))
    assert answers == {201: 24}
    after = estate.get("/inventory/stock/6E92ZMYYFZ")
    assert (after["reserved"], after["available"]) == (24, before - 24)


WITH_TOTALS = [name for name, row in manifest().services.items() if "report_control_totals" in row.functions]


@pytest.mark.parametrize("service", sorted(set(WITH_TOTALS) - set(ELSEWHERE_IN_THE_CLOUD)))
def test_no_control_total_reads_every_document(
    estate: InProcess, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(FirestoreDatabase, "_added_up")
    estate.get(f"/{service}/control-totals")


def test_the_value_of_all_points_reads_no_customer(estate: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(FirestoreDatabase, "_added_up")
    estate.run("crm", "value_loyalty")
