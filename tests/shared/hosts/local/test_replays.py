"""Dead letters and the archive, told again: first what that would do, which changes nothing; then it is done."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.checkout import steps
from functions.order_management import record_order_fact
from shared.calls.transport import in_process
from shared.hosts.local.admin import Admin
from shared.hosts.local.front import Front
from shared.hosts.local.precedence import Precedence
from shared.hosts.local.publishing import PublishDoor
from shared.hosts.local.replay import lines
from shared.http.records import HandledRecord
from shared.manifest import manifest
from shared.messaging.publisher import Message
from shared.storage import Transaction
from shared.storage.connect import connect
from tests.in_process import InProcess, basket

RECORD = "order_management.record_order_fact.order-events"
WANT_CONFIRMED = {each.name for each in manifest().subscriptions() if each.types and "order.confirmed" in each.types}
CAPTURE = "payment.capture_shipment.shipment-events"


class Operator:
    """A person on duty at the front door."""

    def __init__(self, estate: InProcess) -> None:
        self._estate = estate
        admin = Admin(estate.estate, estate.broker, lambda: {"status": "ready"})
        self._front = Front(estate.estate, admin, PublishDoor(estate.broker, estate.settings), Precedence())

    def post(self, path: str, **body: Any) -> Any:
        token = self._estate.estate.signer.token("operator", self._estate.settings.estate, self._estate.clock())
        headers = {"Authorization": f"Bearer {token}"}
        reply = in_process(self._front, "POST", path, {}, json.dumps(body).encode(), headers, 60)
        return json.loads(reply.body)


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    started = InProcess(tmp_path_factory.mktemp("replays"))
    started.own_warehouse()
    with pytest.MonkeyPatch.context() as patched:  # on a busy machine fraud would be silent, and the order held
        patched.setattr(steps, "FRAUD_DEADLINE_S", 30.0)
        yield started
    started.close()


@pytest.fixture(scope="module")
def operator(estate: InProcess) -> Operator:
    return Operator(estate)


@pytest.fixture(scope="module")
def order_id(estate: InProcess) -> str:
    """An order that was delivered and paid."""
    status, answer = estate.place(basket(), "replayed")
    assert status == 201, answer
    estate.settle()
    for step in ("dispatch", "deliver"):
        for shipment in estate.get(f"/warehouse/shipments?order_id={answer['order_id']}")["items"]:
            reply = estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/{step}")
            assert reply[0] == 200, reply
            estate.settle()
    return str(answer["order_id"])


def everything(estate: InProcess) -> dict[str, list[Any]]:
    """Every row of every store, the gateway's, the broker's and the outboxes included."""
    found = {}
    for name in (*manifest().services, "gateway"):
        database: Any = connect(name, estate.settings)
        found |= {f"{name}.{table}": database.file.read(f"SELECT * FROM {table}") for table in tables(database.file)}
    return found | {f"broker.{each}": estate.broker._file.read(f"SELECT * FROM {each}") for each in BROKER}


BROKER = ("messages", "deliveries", "counters", "subscriptions")


def tables(file: Any) -> list[str]:
    return [name for (name,) in file.read("SELECT name FROM sqlite_master WHERE type = 'table'")]


def forget(estate: InProcess) -> None:
    """Let the records of what was handled be gone, as they are after 30 days."""
    for name, row in manifest().services.items():
        if row.runs_on == "cloud_run":
            database = connect(name, estate.settings)
            while handled := database.query(HandledRecord, limit=400).items:

                def remove(tx: Transaction, handled: list[HandledRecord] = handled) -> None:
                    for each in handled:
                        tx.delete(each)

                database.transact(remove)


def test_of_an_order_that_is_done_everything_was_applied_before(operator: Operator, order_id: str) -> None:
    told = operator.post("/-/archive/replay", order_id=order_id)

    assert told["dry_run"] is True
    assert {each["outcome"] for each in told["items"]} == {"applied_before"}
    assert {each["subscription"] for each in told["items"] if each["event_type"] == "order.confirmed"} == WANT_CONFIRMED
    assert told["counts"] == {"applied_before": len(told["items"])}
    assert len(told["items"]) > 15


def test_a_dry_run_has_no_effect_at_all_though_no_handled_record_is_left(
    estate: InProcess, operator: Operator, order_id: str
) -> None:
    forget(estate)
    before = everything(estate)

    told = operator.post("/-/archive/replay", order_id=order_id)

    assert everything(estate) == before
    by_type = {(each["subscription"], each["event_type"]): each for each in told["items"]}
    known = by_type[RECORD, "order.confirmed"]
    assert (known["outcome"], known["known_by"]) == ("applied_before", "natural_keys")
    captured = by_type[CAPTURE, "shipment.dispatched"]
    assert (captured["outcome"], captured["known_by"]) == ("applied_before", "natural_keys"), "its result is recorded"
    tell = by_type["order_management.forward_to_fraud.order-events", "order.confirmed"]
    assert (tell["outcome"], tell["outside"]) == ("would_be_applied", "POST /fraud/api/transactions")


def test_a_replay_of_the_whole_archive_changes_no_books(estate: InProcess, operator: Operator, order_id: str) -> None:
    kept = estate.get("/order_management/content-hash")
    entries = estate.get(f"/accounting/entries?order_id={order_id}")["items"]
    payments = estate.get(f"/payment/payments?order_id={order_id}")["items"]

    replayed = operator.post("/-/archive/replay", order_id=order_id, dry_run=False)
    estate.deliver()

    assert replayed["replayed"] > 15
    assert estate.broker.dead_letters() == []
    assert estate.get("/order_management/content-hash") == kept
    assert estate.get(f"/accounting/entries?order_id={order_id}")["items"] == entries
    assert estate.get(f"/payment/payments?order_id={order_id}")["items"] == payments
    assert estate.get("/data_warehouse/reports/reconciliation")["differences"] == []


def test_filters_choose_events_and_who_hears_them(estate: InProcess, operator: Operator, order_id: str) -> None:
    told = operator.post("/-/archive/replay", type="shipment.dispatched", subscription=CAPTURE)
    assert [(each["subscription"], each["event_type"]) for each in told["items"]] == [(CAPTURE, "shipment.dispatched")]
    assert operator.post("/-/archive/replay", until="2020-01-01T00:00:00Z")["items"] == []
    for wrong in ({"subscription": "nobody"}, {"cursor": "x"}, {"limit": 0}, {"colour": "red"}, {"order_id": "x"}):
        assert operator.post("/-/archive/replay", **wrong)["code"] == "invalid"


def test_a_poisoned_event_waits_among_the_dead_and_is_told_cleanly_after_the_fix(
    estate: InProcess, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect of ours refuses an order; its neighbours pass; dry runs tell before and after the fix what would be."""
    plain = record_order_fact._open

    def defect(order: Any, event: Any, envelope: Any) -> None:
        if event.order.customer.email == "poison@example.com":
            raise ZeroDivisionError
        plain(order, event, envelope)

    monkeypatch.setattr(record_order_fact, "_open", defect)
    poisoned = placed(estate, "poison@example.com")
    neighbour = placed(estate, "neighbour@example.com")
    for _ in range(6):
        estate.deliver()
        wait_for_retries(estate)

    assert estate.get(f"/order_management/orders/{neighbour}")["status"] == "confirmed"
    assert estate.ask("operator", "GET", f"/order_management/orders/{poisoned}").status == 404
    [letter] = estate.broker.dead_letters()
    assert (letter["subscription"], letter["error_code"]) == (RECORD, "internal")
    assert "ZeroDivisionError" in letter["error_detail"]

    [told] = operator.post("/-/dead-letters/replay", dry_run=True)["items"]
    assert (told["id"], told["outcome"], told["code"]) == (letter["id"], "would_be_refused", "internal")
    assert next(lines(told)).endswith("would be refused: internal: " + told["detail"])

    monkeypatch.setattr(record_order_fact, "_open", plain)
    before = everything(estate)
    [told] = operator.post("/-/dead-letters/replay", dry_run=True, ids=[letter["id"]], subscription=RECORD)["items"]
    assert told["outcome"] == "would_be_applied"
    assert told["changes"] == [{"collection": "orders", "key": poisoned, "change": "changed"}], "its shipment is known"
    assert [each["type"] for each in told["events"]] == ["fraud.scored"]
    assert everything(estate) == before

    assert operator.post("/-/dead-letters/replay") == {"replayed": 1}
    estate.deliver()
    assert estate.broker.dead_letters() == []
    assert estate.get(f"/order_management/orders/{poisoned}")["status"] == "confirmed"
    assert estate.get("/data_warehouse/reports/reconciliation")["differences"] == []


def placed(estate: InProcess, email: str) -> str:
    customer = {"email": email, "first_name": "Ada", "last_name": "Lovelace"}
    status, answer = estate.place(basket(customer=customer), email)
    assert status == 201, answer
    return str(answer["order_id"])


def wait_for_retries(estate: InProcess) -> None:
    """Make due what is to be tried again."""
    sql = "UPDATE deliveries SET due_at = 0 WHERE due_at IS NOT NULL"
    estate.broker._file.write(lambda cursor: cursor.execute(sql).rowcount >= 0)


def test_what_nobody_can_read_would_be_refused_again(estate: InProcess, operator: Operator) -> None:
    attributes = {"ce-type": "order.confirmed", "ce-id": "evt_garbage"}
    estate.broker.publish([Message("order-events", b"no json", attributes)])
    estate.deliver()

    told = operator.post("/-/dead-letters/replay", dry_run=True)["items"]

    assert {each["subscription"] for each in told} >= WANT_CONFIRMED
    assert {(each["outcome"], each["code"]) for each in told} == {("would_be_refused", "undeliverable")}
    assert len(estate.broker.dead_letters()) == len(told)
    assert operator.post("/-/dead-letters/replay", dry_run=True, ids=["x"])["code"] == "invalid"
