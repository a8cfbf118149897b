"""BigQuery's SQL in DuckDB's words, by sqlglot; what it is known to get wrong is put right or refused.

Measured with sqlglot 30.30 and DuckDB 2.0 against Google's reference implementation of the language, which
`tests/shared/analytics/test_dialect.py` holds every construct here against. Most of them are wrong without an error:
`UNNEST … WITH OFFSET` counts from 1, a difference of timestamps counts the borders crossed, a NUMERIC without scale
becomes DECIMAL(18,3).
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import ErrorLevel, exp


class UnsafeConstruct(ValueError):
    """A construct whose translation is wrong; the message says what to write instead."""


_EXACT = (exp.DataType.Type.DECIMAL, exp.DataType.Type.BIGDECIMAL)
_PARTS = {"YEAR", "ISOYEAR", "QUARTER", "MONTH", "DAY", "DAYOFYEAR", "HOUR", "MINUTE", "SECOND"}
_SPECIFIER = re.compile(r"%(-?.)")
_SPECIFIERS = set("YmdFGVuwAaBbhjUWyHMSTIp")
_LISTS = (exp.ArrayAgg, exp.GroupConcat, exp.ArrayConcatAgg)


@lru_cache(maxsize=256)
def duckdb_sql(bigquery_sql: str) -> str:
    """Translate one question; UnsafeConstruct, or sqlglot's SqlglotError if it is not BigQuery's SQL."""
    statement = sqlglot.parse_one(bigquery_sql, read="bigquery")
    if not isinstance(statement, exp.Query):
        raise UnsafeConstruct(f"{statement.key.upper()}: the store is asked; rows come in by loading events")
    for node in statement.walk():
        problem = next(_problems(node), None)
        if problem:
            raise UnsafeConstruct(f"{node.sql(dialect='bigquery')}: {problem}")
    return str(statement.transform(_put_right).sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE))


def _put_right(node: Any) -> Any:
    if isinstance(node, exp.TimestampDiff):  # whole units that have passed; DATE_DIFF would count the borders crossed
        unit = exp.Literal.string(node.text("unit").lower())
        return exp.Anonymous(this="DATE_SUB", expressions=[unit, node.expression, node.this])
    return node


def _problems(node: Any) -> Iterator[str]:
    for kind, wrong, problem in _UNSAFE:
        if isinstance(node, kind) and wrong(node):
            yield problem


def _always(_: Any) -> bool:
    return True


def _unnamed(unnest: Any) -> bool:
    return isinstance(unnest.parent, (exp.From, exp.Join)) and not unnest.args.get("alias")


def _formats_otherwise(node: Any) -> bool:
    return not set(_SPECIFIER.findall(node.text("format"))) <= _SPECIFIERS


_UNSAFE: tuple[tuple[Any, Callable[[Any], Any], str], ...] = (
    (
        exp.Unnest,
        lambda node: node.args.get("offset"),
        "WITH OFFSET counts from 1 in DuckDB; number the rows in the data instead",
    ),
    (exp.Unnest, _unnamed, "DuckDB gives the list's element no name; write UNNEST(…) AS line and line.field"),
    (
        exp.Extract,
        lambda node: node.this.name.upper() not in _PARTS or not isinstance(node.this, exp.Var),
        f"DuckDB counts this part otherwise; it agrees about {', '.join(sorted(_PARTS))}",
    ),
    (
        (exp.DateTrunc, exp.TimestampTrunc, exp.DatetimeTrunc),
        _always,
        "DuckDB answers a timestamp for a date; group by the column day",
    ),
    ((exp.DateAdd, exp.DateSub), _always, "DuckDB answers a timestamp for a date; add to a timestamp"),
    (
        exp.DataType,
        lambda node: node.this in _EXACT and not node.expressions,
        "NUMERIC without scale keeps three decimals in DuckDB, BIGNUMERIC five; write NUMERIC(20, 3)",
    ),
    (exp.Format, _always, "FORMAT has other place-holders in DuckDB; concatenate with ||"),
    (exp.TimeToStr, _formats_otherwise, f"DuckDB writes times alike for {''.join(sorted(_SPECIFIERS))} alone"),
    (exp.StrToTime, _always, "DuckDB reads times otherwise; cast an RFC 3339 text to TIMESTAMP"),
    (exp.String, _always, "DuckDB keeps the quotes of a JSON text; use JSON_VALUE or CAST"),
    (_LISTS, lambda node: node.find(exp.Limit), "DuckDB has no LIMIT in an aggregate; number the rows and filter"),
    (
        exp.Substring,
        lambda node: node.args["start"].name == "0",
        "from 0 DuckDB gives one character less; the first character is 1",
    ),
    (exp.StrPosition, lambda node: node.args.get("occurrence"), "DuckDB finds the first occurrence only"),
    (
        exp.Table,
        lambda node: "INFORMATION_SCHEMA" in node.sql(dialect="bigquery").upper(),
        "INFORMATION_SCHEMA is another in DuckDB; the tables are those of docs/bigquery",
    ),
)
