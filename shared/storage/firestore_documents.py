"""How a document lies in Firestore: its JSON whole, and beside it what indexes, sums and TTL policies need.

    _body     the document as JSON, as every adapter stores it; never indexed
    _commit   which commit wrote it, so that a commit whose answer was lost is known again; never indexed
    _key      its key: Firestore lists a collection by names forwards only
    _expires  the time of `ttl_field`, as the timestamp that a TTL policy wants
    …         each field of a declared index, and each that an index sums, under its own name

Times in indexes are the texts of `rfc3339`, whose order is theirs. The names with an underscore can be no field's.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import orjson

from shared.storage.documents import Document, check_collection
from shared.storage.firestore_indexes import BODY, COMMIT, EXPIRES, OWN_KEY
from shared.storage.firestore_wire import Timestamp, Value, Write
from shared.storage.queries import known_field, stored

NAME = "__name__"


@cache
def indexed(kind: type[Document]) -> tuple[str, ...]:
    """Return the fields that lie beside the body; TypeError for a collection or a field that can't be."""
    check_collection(kind)
    fields = {field for index in kind.indexes for field in (*index.fields, *index.sums)} - {kind.key_field}
    for field in fields:
        known_field(kind, field, TypeError)
    return tuple(sorted(fields))


def fields_of(kind: type[Document], key: str, body: str, commit: str) -> dict[str, Any]:
    """Return what a document's fields are, from its JSON."""
    marks = {BODY: body, COMMIT: commit, OWN_KEY: key}
    fields = {field: Value(string_value=text) for field, text in marks.items()}
    beside = indexed(kind)
    if not beside and kind.ttl_field is None:
        return fields
    content: Mapping[str, Any] = orjson.loads(body)
    for field in beside:
        fields[field] = value_of(content.get(field))
    if kind.ttl_field is not None and content[kind.ttl_field] is not None:
        fields[EXPIRES] = moment(datetime.fromisoformat(content[kind.ttl_field]))
    return fields


def value_of(value: Any) -> Any:
    """Return an indexed value as Firestore has it; TypeError for what can't be indexed."""
    value = stored(value)
    if value is None:
        return Value(null_value=0)
    if isinstance(value, bool):
        return Value(boolean_value=value)
    if isinstance(value, int):
        return Value(integer_value=value)
    return Value(string_value=value)


def moment(at: datetime) -> Any:
    """Return a time as Firestore has it."""
    timestamp = Timestamp()
    timestamp.FromDatetime(at)
    return Value(timestamp_value=timestamp)


def written(name: str, fields: Mapping[str, Any]) -> Any:
    """Return the write of a whole document."""
    return Write(update={"name": name, "fields": fields})


def verified(name: str, version: Any | None) -> Any:
    """Return a write that changes nothing and fails unless the document stands at this version (None: is absent)."""
    if version is None:
        return conditional(Write(delete=name), None)
    return conditional(Write(update={"name": name}, update_mask={"field_paths": ()}), version)


def conditional(write: Any, version: Any | None) -> Any:
    """Let a write fail unless its document stands at this version (None: is absent)."""
    if version is None:
        write.current_document.exists = False
    else:
        write.current_document.update_time.CopyFrom(version)
    return write
