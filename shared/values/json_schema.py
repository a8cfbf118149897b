"""JSON Schemas of typed models, as the generated documents print them: shared parts once, by reference."""

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from shared.values.money import Money

Schema = dict[str, Any]
Mode = Literal["validation", "serialization"]
"""How a value comes in, and how it goes out: they differ in defaults and in what is normalised."""
K = TypeVar("K", bound=str)

_REFERENCE = "#/components/schemas/{model}"


class _AsWritten(GenerateJsonSchema):
    """Knows that answers are written whole, and leaves out titles that only repeat a field's name."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        """Say yes to every field of an answer: one that has a default is written, too."""
        return self.mode == "serialization" or super().field_is_required(field, total)

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Say no, whatever the field."""
        return False


def json_schemas(wanted: Mapping[tuple[K, Mode], Any]) -> tuple[dict[tuple[K, Mode], Schema], dict[str, Schema]]:
    """Return a schema for each type that is wanted, and what they refer to below `#/components/schemas/`.

    A model that is both read and written is there once if that makes no difference, else as `…-Input` and `…-Output`.
    """
    adapters = [(key, mode, TypeAdapter(kind)) for (key, mode), kind in wanted.items()]
    found, rest = TypeAdapter.json_schemas(adapters, ref_template=_REFERENCE, schema_generator=_AsWritten)
    money = TypeAdapter(Money).json_schema()
    components = {name: _with_money_by_name(schema, money) for name, schema in rest.get("$defs", {}).items()}
    schemas: dict[tuple[K, Mode], Schema] = {key: _with_money_by_name(each, money) for key, each in found.items()}
    return schemas, {**components, "Money": money}


def _with_money_by_name(schema: Any, money: Schema) -> Any:
    if isinstance(schema, list):
        return [_with_money_by_name(each, money) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("title") == "Money" and money.items() <= schema.items():
        beside = {name: value for name, value in schema.items() if name not in money}
        return {"$ref": _REFERENCE.format(model="Money"), **beside}
    return {name: _with_money_by_name(value, money) for name, value in schema.items()}
