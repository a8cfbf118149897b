"""JSON Schemas as comparison reads them: references followed, `allOf` made one, choices as a list of alternatives."""

from typing import Any

Schema = dict[str, Any]
Components = dict[str, Schema]


def alternatives(schema: Schema, components: Components) -> list[Schema]:
    """Return the plain schemas of which a value must fit one; each has at most one type and no reference.

    An empty schema stands for anything.
    """
    schema = _resolved(schema, components)
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return [each for part in schema[choice] for each in alternatives(part, components)]
    if "allOf" in schema:
        return [_merged(schema, components)]
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return [schema | {"type": kind} for kind in kinds]
    return [schema]


def _resolved(schema: Schema, components: Components) -> Schema:
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = components.get(name, {}) | {"x-name": name}
    return schema


def _merged(schema: Schema, components: Components) -> Schema:
    whole: Schema = {name: value for name, value in schema.items() if name != "allOf"}
    for part in schema["allOf"]:
        for each in alternatives(part, components):
            properties = whole.get("properties", {}) | each.get("properties", {})
            required = [*whole.get("required", []), *each.get("required", [])]
            whole = whole | each | {"properties": properties, "required": required}
    return whole


def allowed(schema: Schema) -> list[Any] | None:
    """Return the values that an alternative names, None if it names none."""
    if "const" in schema:
        return [schema["const"]]
    return list(schema["enum"]) if "enum" in schema else None


def named(schema: Schema) -> str:
    """Return a word for an alternative: its type, or the values it allows."""
    values = allowed(schema)
    if values is not None:
        return " | ".join(repr(value) for value in values)
    return str(schema.get("type", "anything"))
