"""Google's own analyzer passes every report, against the tables as they are declared for BigQuery; and it bites."""

import pytest
from zetasql.core import ZetaSQLError

from functions.data_warehouse.report import reports
from tests.shared.analytics.analyzer import output_columns

WHOLE = {"orders", "pieces", "amount", "customers", "again_30_days", "on_hand", "approved"}
EXACT = {"gross", "revenue", "margin", "turns", "p50_hours", "rate_90_days_percent"}


@pytest.mark.parametrize("name", sorted(reports()))
def test_a_report_is_right_for_bigquery_and_gives_the_columns_it_names(name: str) -> None:
    found = output_columns(reports()[name].sql)
    assert tuple(column for column, _ in found) == reports()[name].columns

    kinds = dict(found)
    assert {kinds[column] for column in WHOLE & kinds.keys()} <= {"INT64"}
    assert {kinds[column] for column in EXACT & kinds.keys()} <= {"NUMERIC"}
    assert "DOUBLE" not in kinds.values()


@pytest.mark.parametrize(
    ("report", "right", "wrong", "found"),
    [
        ("daily_sales", "SELECT\n  day,", "SELECT\n  dya,", "Unrecognized name: dya"),
        ("daily_sales", "time <= @until", "time <= @untill", "Query parameter 'untill' not found"),
        ("daily_sales", "GROUP BY day, currency", "GROUP BY currency", "neither grouped nor aggregated"),
        ("daily_sales", "COUNT(*) AS", "SUM(type) AS", "No matching signature for aggregate function SUM"),
        ("daily_sales", "time <= @until", "time <= 7", "No matching signature for operator <="),
        ("fraud_outcomes", "reason.code", "reason.kode", "Field name kode does not exist"),
        ("fraud_outcomes", "FROM order_refused", "FROM order_refusd", "Table not found: order_refusd"),
        ("gross_margin", "line.net.amount /", "line.net /", "No matching signature for operator /"),
        ("gross_margin", "-line.quantity,", "line.sku,", "UNION ALL"),
    ],
)
def test_what_is_wrong_with_a_report_is_found(report: str, right: str, wrong: str, found: str) -> None:
    sql = reports()[report].sql
    assert right in sql
    with pytest.raises(ZetaSQLError, match=found.replace("(", r"\(").replace("*", r"\*")):
        output_columns(sql.replace(right, wrong, 1))
