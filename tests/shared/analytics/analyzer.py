"""Google's own analyzer of GoogleSQL (`zetasql`), over a catalogue of the tables that we declare for BigQuery."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from zetasql import types
from zetasql.api import Analyzer, CatalogBuilder, TableBuilder, TypeFactory
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


def check(statement: str, **others: Sequence[Field]) -> None:
    """Analyze any statement, with other tables beside ours; ZetaSQLError says what is wrong with it."""
    Analyzer(_options(), _catalog(others)).analyze_statement(statement)


@cache
def _analyzer() -> Analyzer:
    return Analyzer(_options(), _catalog({}))


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
    return AnalyzerOptions(language_options=language, query_parameters=given)


def _catalog(others: Mapping[str, Sequence[Field]]) -> types.SimpleCatalog:
    functions = ZetaSQLBuiltinFunctionOptions(language_options=_options().language_options)
    catalog = CatalogBuilder("boutique").with_builtin_functions(functions)
    ours = {name: bigquery_schema.table(name)["schema"]["fields"] for name in bigquery_schema.table_names()}
    for name, fields in {**ours, **others}.items():
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
