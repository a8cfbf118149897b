"""Fraud's history in Azure Table Storage keeps the history's contract, against Azurite."""

import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests_mock as wire
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.data.tables import TableClient

from functions.fraud.history import FamilyTotal, History, Row
from functions.fraud.managed_identity import ManagedIdentity
from functions.fraud.table_history import TableHistory
from shared.errors import Unavailable
from shared.settings import Settings, read_settings
from shared.values.money import Money
from tests.azurite import Azurite, access_token
from tests.contracts.history import HistoryContract


class SignedIn:
    """A credential that Azurite takes."""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        assert scopes == ("https://storage.azure.com/.default",)
        return AccessToken(access_token(datetime.now(UTC)), int(time.time()) + 3600)


@pytest.fixture
def table(azurite: Azurite) -> Iterator[TableClient]:
    name = f"t{secrets.token_hex(8)}"
    with TableClient(azurite.tables, name, credential=SignedIn(), connection_verify=str(azurite.certificate)) as client:
        client.create_table()
        yield client


@pytest.fixture
def history(table: TableClient, clock: Any) -> TableHistory:
    return TableHistory(table, clock)


class TestTableHistory(HistoryContract):
    pass


def keys(table: TableClient) -> list[tuple[str, str]]:
    return [(entity["PartitionKey"], entity["RowKey"]) for entity in table.list_entities()]


def transaction(number: int, at: datetime) -> Row:
    return Row(f"order.ord_{number}", "transaction", at, {}, "transactions", Money("USD", 100))


def test_a_row_is_kept_whole_or_not_at_all(history: TableHistory, table: TableClient, now: datetime) -> None:
    history.put_once(Row("p", "r", now, {"n": 1}))
    before = keys(table)
    assert before == [("p", "r"), ("p", "~8204838400000000~r")]
    history.put_once(Row("p", "r", now + timedelta(seconds=1), {"n": 2}))
    assert keys(table) == before


def test_long_values_are_kept_in_pieces(history: TableHistory, now: datetime) -> None:
    values = {"skus": [f"SKU-{number:05}" for number in range(6000)], "name": "é𝄞" * 500}
    history.put_once(Row("p", "r", now, values))
    assert history.get("p", "r").values == values
    assert history.rows("p", now)[0].values == values


def test_a_partition_is_read_no_further_than_asked(history: TableHistory, now: datetime) -> None:
    history.put_all([Row("p", f"r{number:04}", now + timedelta(seconds=number), {}) for number in range(120)])
    assert [row.row_key for row in history.rows("p", now, 3)] == ["r0119", "r0118", "r0117"]
    assert len(history.rows("p", now, 500)) == 120


def test_what_was_put_but_not_filed_is_filed_by_the_repeat(
    history: TableHistory, table: TableClient, now: datetime, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(TableHistory, "_file", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            history.put_once(transaction(1, now))
    assert history.totals("transactions", now) == {}
    clock.advance(minutes=1)
    for _ in range(2):
        assert not history.put_once(transaction(1, now + timedelta(minutes=1)))
    assert history.totals("transactions", now) == {"USD": FamilyTotal(1, 100)}


def test_days_that_are_over_are_added_up_once(
    history: TableHistory, table: TableClient, now: datetime, clock: Any
) -> None:
    for day in range(5):
        history.put_all([transaction(10 * day + each, clock()) for each in range(2)])
        clock.advance(days=1)
    end = clock() - timedelta(hours=1)
    assert history.totals("transactions", end) == {"USD": FamilyTotal(10, 1000)}
    assert table.get_entity("totals.transactions", "kept")["through"] == "2026-11-23"
    for partition, key in keys(table):  # only the days since are read again
        if partition.startswith("family.transactions.") and partition <= "family.transactions.2026-11-23":
            table.delete_entity(partition, key)
    assert history.totals("transactions", end) == {"USD": FamilyTotal(10, 1000)}

    late = transaction(99, now)
    history.put_once(late)
    history.put_once(late)
    assert history.totals("transactions", clock()) == {"USD": FamilyTotal(11, 1100)}


def test_a_purge_takes_all_that_was_kept_of_a_row(history: TableHistory, table: TableClient, now: datetime) -> None:
    gone = Row("order.ord_1", "decision", now, {}, "decisions", Money("USD", 5), now + timedelta(days=1))
    history.put_once(gone)
    history.put_once(Row("order.ord_1", "outcome", now, {}))
    assert history.purge(now + timedelta(days=2)) == (1, False)
    assert [place[0] for place in keys(table)] == ["order.ord_1", "order.ord_1", "purge"]
    assert history.family("decisions", "USD", now, now)[0] == []


def test_a_table_out_of_reach_is_unavailable(now: datetime) -> None:
    nowhere = TableClient(
        "https://127.0.0.1:9/devstoreaccount1", "t", credential=SignedIn(), connection_timeout=1, retry_total=0
    )
    with nowhere, pytest.raises(Unavailable):
        TableHistory(nowhere).get("p", "r")


ENDPOINT = "http://169.254.130.2:8081/msi/token"
GIVEN = {
    "access_token": "eyJ0eXAi",
    "expires_on": "1795170000",
    "resource": "https://storage.azure.com",
    "token_type": "Bearer",
    "client_id": "5E29463D-71DA-4FE0-8E69-999B57DB23B0",
}


def on_azure(**variables: str) -> Settings:
    own = {"IDENTITY_ENDPOINT": ENDPOINT, "IDENTITY_HEADER": "853b9a84"}
    return read_settings({"BOUTIQUE_PLATFORM": "cloud", **own, **variables})


@pytest.mark.parametrize("client", ["", "5e29463d-71da-4fe0-8e69-999b57db23b0"])
def test_signs_in_as_the_managed_identity(client: str) -> None:
    with wire.Mocker() as azure:
        azure.get(ENDPOINT, json=GIVEN)
        token = ManagedIdentity(on_azure(BOUTIQUE_IDENTITY_CLIENT=client)).get_token(
            "https://storage.azure.com/.default"
        )
    assert token == ("eyJ0eXAi", 1795170000)
    [asked] = azure.request_history
    expected = {"api-version": ["2019-08-01"], "resource": ["https://storage.azure.com"]}
    assert asked.qs == expected | ({"client_id": [client]} if client else {})
    assert asked.headers["X-IDENTITY-HEADER"] == "853b9a84"


@pytest.mark.parametrize(
    "answer",
    [
        {"status_code": 400, "json": {"statusCode": 400, "message": "Unable to load the proper Managed Identity."}},
        {"text": "not json"},
        {"json": {"access_token": "x"}},
    ],
)
def test_without_an_identity_the_history_is_unavailable(answer: dict[str, Any], now: datetime) -> None:
    settings = on_azure(BOUTIQUE_TABLES="https://fraud.table.core.windows.net")
    with wire.Mocker() as azure:
        azure.get(ENDPOINT, **answer)
        with pytest.raises(ClientAuthenticationError):
            ManagedIdentity(settings).get_token("https://storage.azure.com/.default")
        with pytest.raises(Unavailable):
            History.connect(settings).get("p", "r")


def test_is_what_settings_with_tables_connect_to(connected: Callable[[str], TableHistory]) -> None:
    assert isinstance(connected("https://fraud.table.core.windows.net"), TableHistory)


def test_in_the_cloud_there_is_no_other_store() -> None:
    with pytest.raises(ValueError, match="BOUTIQUE_TABLES"):
        History.connect(on_azure())


@pytest.fixture
def connected() -> Iterator[Callable[[str], History]]:
    opened: list[Any] = []

    def connect(tables: str) -> History:
        opened.append(History.connect(Settings(tables=tables)))
        return opened[-1]

    yield connect
    for each in opened:
        each._table.close()
