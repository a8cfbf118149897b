"""BigQuery's SQL in DuckDB's words; what would be wrong without an error is refused."""

import pytest

from shared.analytics.dialect import UnsafeConstruct, duckdb_sql


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sku, i FROM UNNEST(['a', 'b']) AS sku WITH OFFSET AS i",
        "SELECT EXTRACT(DAYOFWEEK FROM day) AS weekday FROM events",
        "SELECT DATE_TRUNC(day, MONTH) AS month FROM events",
        "SELECT TIMESTAMP_TRUNC(time, HOUR) AS hour FROM events",
        "SELECT CAST('0.0005' AS NUMERIC) AS amount",
        "SELECT CAST('0.0005' AS BIGNUMERIC) AS amount",
        "SELECT FORMAT('%s', type) AS name FROM events",
    ],
)
def test_a_construct_that_translates_wrongly_is_refused(sql: str) -> None:
    with pytest.raises(UnsafeConstruct):
        duckdb_sql(sql)


def test_what_translates_rightly_is_not_refused() -> None:
    assert duckdb_sql("SELECT CAST('1' AS NUMERIC(20, 3)) AS one WHERE 1 <= @most") == (
        "SELECT CAST('1' AS DECIMAL(20, 3)) AS one WHERE 1 <= $most"
    )
