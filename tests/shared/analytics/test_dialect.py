"""BigQuery's SQL in DuckDB's words: what agrees with Google's reference implementation, and what is refused.

Both were asked about some 200 expressions. Those that DuckDB answers otherwise, or not at all, are refused; the test of
them fails once that is no longer so.
"""

from contextlib import suppress

import duckdb
import pytest
import sqlglot
from sqlglot.errors import SqlglotError

from functions.data_warehouse.report import reports
from shared.analytics.dialect import UnsafeConstruct, duckdb_sql
from tests.shared.analytics.analyzer import evaluate

AGREED = (
    "TIMESTAMP_DIFF(TIMESTAMP '2026-01-01 00:00:01.1+00', TIMESTAMP '2026-01-01 00:00:00.9+00', SECOND)",
    "TIMESTAMP_DIFF(TIMESTAMP '2026-01-01 00:00:00.9+00', TIMESTAMP '2026-01-01 00:00:01.1+00', SECOND)",
    "TIMESTAMP_DIFF(TIMESTAMP '2026-01-02 00:59:00+00', TIMESTAMP '2026-01-01 01:00:00+00', HOUR)",
    "TIMESTAMP_DIFF(TIMESTAMP '2026-01-01 01:00:00+00', TIMESTAMP '2026-01-02 00:59:59.5+00', MINUTE)",
    "TIMESTAMP_DIFF(TIMESTAMP '2026-01-03 00:00:00+00', TIMESTAMP '2026-01-01 23:59:00+00', DAY)",
    "CAST(TIMESTAMP_SUB(TIMESTAMP '2026-03-01 23:00:00+00', INTERVAL 365 DAY) AS STRING)",
    "DATE_DIFF(DATE '2026-03-01', DATE '2026-02-28', MONTH)",
    "DATE_DIFF(DATE '2026-01-04', DATE '2026-01-03', WEEK)",
    "EXTRACT(ISOYEAR FROM DATE '2027-01-01')",
    "EXTRACT(DAYOFYEAR FROM DATE '2026-12-31')",
    "EXTRACT(QUARTER FROM DATE '2026-12-31')",
    "FORMAT_TIMESTAMP('%Y-%m', TIMESTAMP '2026-12-31 23:59:59+00')",
    "FORMAT_DATE('%G-W%V %A %b', DATE '2027-01-01')",
    "CAST(DATE(TIMESTAMP '2026-12-31 23:59:59+00') AS STRING)",
    "7 / 2",
    "DIV(-7, 2)",
    "MOD(-7, 2)",
    "CAST(-2.5 AS INT64)",
    "CAST(CAST('1.005' AS NUMERIC(20, 2)) AS STRING)",
    "SAFE_DIVIDE(1, 0)",
    "SAFE_CAST('x' AS INT64)",
    "SPLIT('a.b.c', '.')[OFFSET(0)]",
    "SPLIT('a.b.c', '.')[SAFE_OFFSET(7)]",
    "REPLACE('1.50', '.', '')",
    "GREATEST(1, NULL)",
    "IF(NULL, 1, 2)",
    "JSON_VALUE(JSON '{\"a\": 1.50}', '$.a')",
    "JSON_VALUE(JSON '{\"a\": {\"b\": 1}}', '$.a')",
    'JSON_VALUE(JSON \'{"a": ["x", "y"]}\', \'$.a[1]\')',
    "ARRAY_LENGTH(JSON_QUERY_ARRAY(JSON '{\"a\": [1, 2]}', '$.a'))",
    "ARRAY_LENGTH(JSON_QUERY_ARRAY(JSON '{}', '$.a'))",
    "(SELECT SUM(x) FROM UNNEST([1, 2, NULL]) AS x)",
    "(SELECT COUNTIF(x > 1) FROM UNNEST([1, 2, NULL]) AS x)",
    "(SELECT x FROM UNNEST([2, NULL, 1]) AS x ORDER BY x LIMIT 1)",
    "3 IN UNNEST([1, 3])",
)
OTHERWISE = (
    "(SELECT i FROM UNNEST(['a', 'b']) AS sku WITH OFFSET AS i WHERE sku = 'a')",
    "EXTRACT(DAYOFWEEK FROM DATE '2026-11-20')",
    "EXTRACT(WEEK FROM DATE '2026-01-03')",
    "EXTRACT(ISOWEEK FROM DATE '2026-01-03')",
    "EXTRACT(MILLISECOND FROM TIMESTAMP '2026-12-31 23:59:59.9+00')",
    "CAST(DATE_TRUNC(DATE '2026-11-20', MONTH) AS STRING)",
    "CAST(DATE_ADD(DATE '2026-01-31', INTERVAL 1 MONTH) AS STRING)",
    "CAST(DATE_SUB(DATE '2026-03-31', INTERVAL 1 MONTH) AS STRING)",
    "CAST(CAST('0.0005' AS NUMERIC) AS STRING)",
    "CAST(CAST('0.0000005' AS BIGNUMERIC) AS STRING)",
    "FORMAT('%03d', 7)",
    "FORMAT_DATE('%e', DATE '2026-02-03')",
    "FORMAT_DATE('%Q', DATE '2026-02-03')",
    "FORMAT_TIMESTAMP('%z', TIMESTAMP '2026-12-31 23:59:59+00')",
    "FORMAT_TIMESTAMP('%c', TIMESTAMP '2026-01-03 23:59:59+00')",
    "SUBSTR('abcdef', 0, 2)",
    "INSTR('abcabc', 'c', 1, 2)",
    "STRING(JSON '\"x\"')",
    "(SELECT ARRAY_LENGTH(ARRAY_AGG(x LIMIT 2)) FROM UNNEST([1, 2, 3]) AS x)",
    "(SELECT STRING_AGG(x, '' ORDER BY x LIMIT 2) FROM UNNEST(['a', 'b', 'c']) AS x)",
)


def asked(sql: str) -> str:
    """DuckDB's answer to SQL of its own, written as Google's implementation writes values."""
    with duckdb.connect() as connection:
        (value,) = connection.execute(sql).fetchall()[0]
    return "NULL" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("expression", AGREED)
def test_what_is_translated_has_the_answer_of_googles_implementation(expression: str) -> None:
    assert asked(duckdb_sql(f"SELECT {expression} AS answer")) == evaluate(expression)


@pytest.mark.parametrize("expression", OTHERWISE)
def test_what_would_be_answered_otherwise_is_refused(expression: str) -> None:
    with pytest.raises(UnsafeConstruct):
        duckdb_sql(f"SELECT {expression} AS answer")

    plain = sqlglot.transpile(f"SELECT {expression} AS answer", read="bigquery", write="duckdb")[0]
    with suppress(duckdb.Error):  # where it answers nothing it does not say what to write instead
        assert asked(plain) != evaluate(expression), "it is answered alike now: let it through"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sku FROM shipment_delivered, UNNEST(lines)",
        "SELECT TIMESTAMP_TRUNC(time, HOUR) AS hour FROM events",
        "SELECT EXTRACT(WEEK(MONDAY) FROM day) AS week FROM events",
        "SELECT PARSE_TIMESTAMP('%e', id) AS at FROM events",
        "SELECT table_name FROM INFORMATION_SCHEMA.TABLES",
        "SELECT * FROM `boutique.INFORMATION_SCHEMA.COLUMNS`",
        "MERGE events USING loads ON FALSE WHEN NOT MATCHED THEN INSERT ROW",
        "INSERT INTO events (id) VALUES ('evt_1')",
        "DELETE FROM events WHERE TRUE",
        "CREATE TABLE mine AS SELECT 1 AS one",
    ],
)
def test_a_statement_that_would_go_wrong_or_is_no_question_is_refused(sql: str) -> None:
    with pytest.raises(UnsafeConstruct):
        duckdb_sql(sql)


def test_what_sqlglot_says_that_it_cannot_do_is_an_error() -> None:
    with pytest.raises(SqlglotError):
        duckdb_sql("SELECT EXTRACT(YEAR FROM TIMESTAMP '2026-12-31 23:59:59+00') AS year")


def test_what_is_refused_says_what_to_write_instead() -> None:
    with pytest.raises(UnsafeConstruct, match=r"CAST\(x AS NUMERIC\)|NUMERIC: .*write NUMERIC\(20, 3\)"):
        duckdb_sql("SELECT CAST(x AS NUMERIC) AS amount FROM events")


def test_what_translates_rightly_is_not_refused() -> None:
    assert duckdb_sql("SELECT CAST('1' AS NUMERIC(20, 3)) AS one WHERE 1 <= @most") == (
        "SELECT CAST('1' AS DECIMAL(20, 3)) AS one WHERE 1 <= $most"
    )


@pytest.mark.parametrize("name", sorted(reports()))
def test_every_report_is_translated(name: str) -> None:
    assert duckdb_sql(reports()[name].sql)
