"""OpenAPI 3.1 of one service, made from its rows and its functions' annotations: what is checked is what is written.

https://spec.openapis.org/oas/v3.1.0. Errors are pinned by status and code; a route names every code that its kind of
route may answer, which for refusals is more than one function knows.
"""

import inspect
from collections.abc import Callable
from types import NoneType
from typing import Any, get_args

from shared.http.capability import Capability
from shared.http.housekeeping import HOUSEKEEPING
from shared.http.models import RENDERINGS
from shared.http.openapi_doors import PUSH, WHEN, dry_run_door, event_door, own_routes, schedule_door
from shared.http.openapi_errors import PROBLEMS, Responses, codes_of
from shared.manifest import FunctionRow, Idempotency, ServiceRow
from shared.values.json_schema import Mode, Schema, json_schemas

Load = Callable[[str], Capability]
DRY_RUN: tuple[str, Mode] = ("dry run", "serialization")
_KEYED = (Idempotency.REQUIRED, Idempotency.OPTIONAL)
_REPLAY = {
    "Idempotent-Replay": {
        "description": "`true` on an answer that was stored under this key and is given again.",
        "schema": {"type": "string", "const": "true"},
    }
}
_IDENTITY = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "A Google identity token of a service account of the project, for this service's address.",
}
_ABOUT = (
    "{about}\n\nEvery answer that is no success is `application/problem+json` with a `code` of `docs/errors.md`; "
    "a known path with another method answers 405 `method_not_allowed` with `Allow`; "
    "HEAD is answered where GET is."
)


def document(row: ServiceRow, capability: Load) -> dict[str, Any]:
    """Return the document of a service; `capability` loads a function of it by name."""
    functions = {name: capability(name) for name in row.functions}
    open_to_network: dict[str, Any] = {"security": [{}, {"identity": []}]}
    schemas, components = json_schemas(_wanted(functions))
    responses = Responses()
    paths: dict[str, Any] = {}
    for name, each in functions.items():
        path, method, operation = _operation(row.service, each, schemas, responses)
        paths.setdefault(path, {})[method] = {
            "operationId": f"{row.service}.{name}",
            **operation,
            **(open_to_network if row.admitted_as(each.row.callers) else {}),
        }
        if each.row.event:
            tried = dry_run_door(name, schemas[DRY_RUN], responses)
            paths[f"/dry-run/{name}"] = {"post": {"operationId": f"{row.service}.dry_run.{name}", **tried}}
    prefix = "/api" if row.runs_on == "azure_functions" else ""
    for name in HOUSEKEEPING if row.runs_on == "cloud_run" else ():
        door = schedule_door(f"{name.replace('_', ' ').capitalize()}, as every service does.", "", None, responses)
        paths[f"/schedules/{name}"] = {"post": {"operationId": f"{row.service}.{name}", **door}}
    for path, (name, operation) in own_routes(responses).items():
        paths[prefix + path] = {"get": {"operationId": f"{row.service}.{name}", **operation}}
    return {
        "openapi": "3.1.0",
        "info": {"title": row.service, "version": "1", "description": _ABOUT.format(about=row.about)},
        "servers": [{"url": f"http://127.0.0.1:8080/{row.service}", "description": "On a laptop (`make up`)"}],
        "security": [{"identity": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"identity": _IDENTITY},
            "responses": responses.components,
            "schemas": {**components, **PROBLEMS, "PushBody": PUSH, "When": WHEN},
        },
    }


def _wanted(functions: dict[str, Capability]) -> dict[tuple[str, Mode], Any]:
    wanted: dict[tuple[str, Mode], Any] = {}
    if any(each.row.event for each in functions.values()):
        from shared.http.dry_run import DryRun  # noqa: PLC0415  (documents of a database: fraud has neither)

        wanted[DRY_RUN] = DryRun
    for name, each in functions.items():
        if each.body is not None:
            wanted[f"{name} body", "validation"] = each.body[1]
        if each.answers not in (None, NoneType):
            wanted[f"{name} answer", "serialization"] = each.answers
        for parameter, adapter in each.parameters.items():
            wanted[f"{name} {parameter}", "validation"] = adapter._type
    return wanted


def _operation(
    service: str, capability: Capability, schemas: dict[tuple[str, Mode], Schema], responses: Responses
) -> tuple[str, str, dict[str, Any]]:
    """Return path, method and operation of a function."""
    row, name = capability.row, capability.name
    summary, description = _told(capability.function)
    answer = schemas.get((f"{name} answer", "serialization"))
    if row.trigger == "event":
        return f"/events/{name}", "post", event_door(summary, description, row, responses)
    if row.trigger == "schedule":
        return f"/schedules/{name}", "post", schedule_door(summary, description, answer, responses)
    operation: dict[str, Any] = {
        "tags": ["routes"],
        "summary": summary,
        "description": description,
        "x-callers": list(row.callers),
        "x-idempotency": row.idempotency.value,
        "parameters": _parameters(capability, schemas),
        "responses": _answers(_success(capability, answer), responses.of(_codes(capability)), responses),
    }
    if capability.body is not None:
        content = {"application/json": {"schema": schemas[f"{name} body", "validation"]}}
        content |= {media_type: {"schema": {"type": "string"}} for media_type in capability.media_types}
        operation["requestBody"] = {"required": True, "content": content}
    return row.path, row.method.lower(), operation


def _told(function: Callable[..., Any]) -> tuple[str, str]:
    summary, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n")
    return summary, rest.strip()


def _parameters(capability: Capability, schemas: dict[tuple[str, Mode], Schema]) -> list[Schema]:
    found = []
    for name in capability.parameters:
        in_path = f"{{{name}}}" in capability.row.path
        schema = _without_null(schemas[f"{capability.name} {name}", "validation"])
        where = {"in": "path" if in_path else "query", "required": in_path or name in capability.required}
        found.append({"name": name, **where, "schema": schema})
    if capability.row.idempotency in _KEYED:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": capability.row.idempotency is Idempotency.REQUIRED,
                "description": "The same key gives the same answer for 7 days; keys count per caller and route.",
                "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,200}$"},
            }
        )
    return found


def _without_null(schema: Schema) -> Schema:
    """Leave out null: a parameter that is not there is left out."""
    kinds = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if not kinds:
        return schema
    beside = {name: value for name, value in schema.items() if name != "anyOf" and value is not None}
    return {**kinds[0], **beside} if len(kinds) == 1 else {"anyOf": kinds, **beside}


def _answers(successes: dict[str, Any], problems: dict[str, Any], responses: Responses) -> dict[str, Any]:
    """Return both; where a status has an answer of the function's own beside problems, it may be either."""
    both = {}
    for status in successes.keys() & problems.keys():
        name = problems[status]["$ref"].rpartition("/")[2]
        content = {**responses.components[name]["content"], **successes[status]["content"]}
        both[status] = {**successes[status], "content": content}
    return {**successes, **problems, **both}


def _success(capability: Capability, answer: Schema | None) -> dict[str, Any]:
    replay = {"headers": _REPLAY} if capability.row.idempotency in _KEYED else {}
    kinds = get_args(capability.answers) or (capability.answers,)
    found: dict[str, Any] = {}
    if NoneType in kinds or None in kinds:
        found["204"] = {"description": "Done; there is nothing to say.", **replay}
    if answer is not None:
        content = {"application/json": {"schema": answer}}
        for media_type, method in RENDERINGS.items():
            if any(hasattr(kind, method) for kind in kinds):
                content[media_type] = {"schema": {"type": "string"}}
        if any("see_other" in getattr(kind, "model_fields", {}) for kind in kinds):
            found["303"] = {"description": "Done; with `Accept: text/html`, the page to go on with."}
        found[str(capability.row.answers)] = {"description": "Done.", "content": content, **replay}
        for status in {own for kind in kinds if (own := getattr(kind, "answers", None))}:
            found[str(status)] = {"description": "Answered in the caller's own shape.", "content": content}
    return found


def _codes(capability: Capability) -> set[str]:
    row: FunctionRow = capability.row
    codes = codes_of("read")
    if "{" not in row.path:
        codes -= {"not_found"}
    if row.method != "GET":
        codes |= codes_of("command")
    if capability.body is not None:
        codes |= codes_of("body")
    if row.idempotency in _KEYED:
        codes |= codes_of("keyed")
    if row.idempotency is Idempotency.REQUIRED:
        codes |= codes_of("key required")
    return codes
