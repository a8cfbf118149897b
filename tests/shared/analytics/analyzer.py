"""Google's own analyzer and reference implementation of GoogleSQL (`zetasql`).

It knows the tables that we declare for BigQuery.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from zetasql import types
from zetasql.api import Analyzer, CatalogBuilder, Parser, PreparedExpression, TableBuilder, TypeFactory
from zetasql.core import wasm_client
from zetasql.types import AnalyzerOptions, LanguageOptions, TypeKind, ZetaSQLBuiltinFunctionOptions

from shared.analytics import bigquery_schema
from shared.analytics.bigquery_schema import Field
from tests.bqemulator import ROOT

COMPILED = ROOT / "build" / "zetasql"
"""The analyzer is WebAssembly, which takes 20 s to compile: it is kept here."""
PARAMETERS = {"until": TypeKind.TYPE_TIMESTAMP}
_KINDS = {
    "STRING": TypeKind.TYPE_STRING,
    "INTEGER": TypeKind.TYPE_INT64,
    "NUMERIC": TypeKind.TYPE_NUMERIC,
    "BOOLEAN": TypeKind.TYPE_BOOL,
    "TIMESTAMP": TypeKind.TYPE_TIMESTAMP,
    "DATE": TypeKind.TYPE_DATE,
    "JSON": TypeKind.TYPE_JSON,
}


def output_columns(sql: str) -> list[tuple[str, str]]:
    """Return name and type of each column that a question answers; ZetaSQLError says what is wrong with it."""
    answer = _analyzer().analyze_statement(sql)
    return [(column.name, TypeKind(column.column.type.type_kind).name[5:]) for column in answer.output_column_list]


def check(statement: str, **tables: Sequence[Field]) -> None:
    """Analyze any statement over these tables alone; ZetaSQLError says what is wrong with it."""
    Analyzer(_options(), _catalog(tables)).analyze_statement(statement)


def check_script(script: str) -> None:
    """Parse a script of several statements; ZetaSQLError says where it is none."""
    _options()
    Parser.parse_script_static(script)


def evaluate(expression: str) -> str:
    """Return the answer of Google's reference implementation to an expression, as a text: `3`, `a`, `true`, `NULL`."""
    value = PreparedExpression(expression, options=_options(), catalog=_functions().build()).execute()
    try:
        return str(value).removeprefix('"').removesuffix('"')
    except AttributeError:  # what this library says of a value that is NULL
        return "NULL"


@cache
def _analyzer() -> Analyzer:
    ours = {name: bigquery_schema.table(name)["schema"]["fields"] for name in bigquery_schema.table_names()}
    return Analyzer(_options(), _catalog(ours))


@cache
def _options() -> AnalyzerOptions:
    _keep_what_is_compiled()
    language = LanguageOptions.maximum_features()
    language.product_mode = types.ProductMode.PRODUCT_EXTERNAL
    language.supported_statement_kinds = []
    given = [
        AnalyzerOptions.QueryParameter(name=name, type=TypeFactory.create_simple_type(kind))
        for name, kind in PARAMETERS.items()
    ]
    return AnalyzerOptions(language_options=language, query_parameters=given, default_timezone="UTC")


def _functions() -> CatalogBuilder:
    functions = ZetaSQLBuiltinFunctionOptions(language_options=_options().language_options)
    return CatalogBuilder("boutique").with_builtin_functions(functions)


def _catalog(tables: Mapping[str, Sequence[Field]]) -> types.SimpleCatalog:
    catalog = _functions()
    for name, fields in tables.items():
        table = TableBuilder(name)
        for field in fields:
            table.add_column(field["name"], _type(field))
        catalog.add_table(table.build())
    return catalog.build()


def _type(field: Field) -> types.Type:
    if "fields" in field:
        inner = TypeFactory.create_struct_type([(each["name"], _type(each)) for each in field["fields"]])
    else:
        inner = TypeFactory.create_simple_type(_KINDS[field["type"]])
    return TypeFactory.create_array_type(inner) if field["mode"] == "REPEATED" else inner


def _keep_what_is_compiled() -> None:
    COMPILED.mkdir(parents=True, exist_ok=True)
    told = COMPILED / "cache.toml"
    told.write_text(f'[cache]\ndirectory = "{COMPILED / "modules"}"\n')
    plain = wasm_client.Config

    def keeping() -> Any:
        config = plain()
        config.cache = str(told)
        return config

    wasm_client.Config = keeping
