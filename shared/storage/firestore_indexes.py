"""The indexes and TTL policies that documents need in Firestore, from what they declare, for Terraform.

Firestore indexes each field by itself, up and down, and answers equalities from those. A composite index serves an
order after equalities in one direction, so each that a document declares is exported in both; sums need one more that
ends with the summed fields.
"""

from collections.abc import Iterable
from typing import Any

from shared.storage.documents import OUTBOX, Document, Index

BODY, COMMIT, EXPIRES, OWN_KEY = "_body", "_commit", "_expires", "_key"
"""The names of what lies beside the indexed fields; `firestore_documents` says what each is."""
UNINDEXED = (BODY, COMMIT)
ASCENDING, DESCENDING = "ASCENDING", "DESCENDING"

Composite = tuple[tuple[str, str], ...]
"""(field, direction) of each field."""


def composites(kind: type[Document]) -> list[Composite]:
    """Return the composite indexes of a kind of document, each once."""
    found: dict[Composite, None] = {}
    for index in kind.indexes:
        for each in _of(index, kind.key_field):
            found[each] = None
    return list(found)


def _of(index: Index, key_field: str) -> Iterable[Composite]:
    fields = [field for field in index.fields if field != key_field]
    if len(fields) > 1:
        equal = [(field, ASCENDING) for field in fields[:-1]]
        yield (*equal, (fields[-1], ASCENDING))
        yield (*equal, (fields[-1], DESCENDING))
    if index.sums:
        yield tuple((field, ASCENDING) for field in [*fields, *sorted(index.sums)])


def exported(kinds: Iterable[type[Document]]) -> dict[str, Any]:
    """Return what the database of these kinds needs: its collections, composite indexes, and TTL fields by collection.

    In every collection `UNINDEXED` need no index of their own.
    """
    kinds = sorted(set(kinds), key=lambda kind: kind.collection)
    indexes = {(kind.collection, composite): None for kind in kinds for composite in composites(kind)}
    return {
        "collections": sorted({OUTBOX, *(kind.collection for kind in kinds)}),
        "indexes": [
            {"collection": collection, "fields": [{"field": field, "order": order} for field, order in composite]}
            for collection, composite in indexes
        ],
        "ttl": {kind.collection: EXPIRES for kind in kinds if kind.ttl_field is not None},
    }
