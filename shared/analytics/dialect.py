"""BigQuery's SQL in DuckDB's words, by sqlglot; what it is known to get wrong without saying so is refused.

Measured with sqlglot 30.30 and DuckDB 2.0: `UNNEST … WITH OFFSET` counts from 1, `EXTRACT(DAYOFWEEK …)` is off by one,
`DATE_TRUNC` gives a timestamp for a date, a NUMERIC without scale becomes DECIMAL(18,3), `FORMAT` keeps its `%s`.
"""

from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp


class UnsafeConstruct(ValueError):
    """A construct whose translation is wrong without an error; the message says what to write instead."""


_EXACT = (exp.DataType.Type.DECIMAL, exp.DataType.Type.BIGDECIMAL)


@lru_cache(maxsize=256)
def duckdb_sql(bigquery_sql: str) -> str:
    """Translate one statement; UnsafeConstruct, or sqlglot's ParseError if it is not BigQuery's SQL."""
    statement = sqlglot.parse_one(bigquery_sql, read="bigquery")
    for node in statement.walk():
        problem = _unsafe(node)
        if problem:
            raise UnsafeConstruct(f"{node.sql(dialect='bigquery')}: {problem}")
    return str(statement.sql(dialect="duckdb"))


def _unsafe(node: Any) -> str | None:
    if isinstance(node, exp.Unnest) and node.args.get("offset"):
        return "WITH OFFSET counts from 1 in DuckDB; number the rows in the data instead"
    if isinstance(node, exp.Extract) and "DAYOFWEEK" in str(node.this).upper().replace("_", ""):
        return "the day of the week is off by one in DuckDB; group by day"
    if isinstance(node, (exp.DateTrunc, exp.TimestampTrunc)):
        return "DuckDB answers a timestamp for a date; group by the column day"
    if isinstance(node, exp.DataType) and node.this in _EXACT and not node.expressions:
        return "NUMERIC without scale keeps three decimals in DuckDB, BIGNUMERIC five; write NUMERIC(20, 3)"
    if isinstance(node, exp.Format):
        return "FORMAT has other place-holders in DuckDB; concatenate with ||"
    return None
