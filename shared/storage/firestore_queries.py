"""Queries as Firestore's structured queries, by the same declared indexes as on every adapter."""

from collections.abc import Sequence
from typing import Any

from shared.storage.documents import Document, Query
from shared.storage.firestore_documents import NAME, moment, value_of
from shared.storage.firestore_indexes import BODY, EXPIRES, OWN_KEY
from shared.storage.firestore_wire import Aggregation, Value
from shared.storage.firestore_wire import Query as StructuredQuery
from shared.storage.queries import Cursor, check_within, covering

ASCENDING, DESCENDING = StructuredQuery.ASCENDING, StructuredQuery.DESCENDING
_Is: Any = StructuredQuery.FieldFilter
_COUNT = "count"


class Asked:
    """A query of one kind of document in one database; UndeclaredIndex if no declared index covers it."""

    def __init__(self, kind: type[Document], query: Query, root: str) -> None:
        covering(kind, dict(query.equals), query.order_by)
        self._kind = kind
        self._query = query
        self._root = root
        self._ordered = query.order_by is not None and query.order_by != kind.key_field
        backwards = query.descending and not self._ordered and not query.equals
        self._key = OWN_KEY if backwards else NAME  # Firestore scans names forwards only

    def page(self, cursor: Cursor | None, limit: int) -> Any:
        """Return the query for the bodies of a page, after a cursor."""
        found = self._matching()
        found.select.fields.add(field_path=BODY)
        direction = DESCENDING if self._query.descending else ASCENDING
        for field in ([self._query.order_by] if self._ordered else []) + [self._key]:
            found.order_by.add(field={"field_path": field}, direction=direction)
        found.limit.value = limit
        if cursor is not None:
            start_after(found, self._place(cursor))
        return found

    def _matching(self) -> Any:
        found = StructuredQuery()
        found.from_.add(collection_id=self._kind.collection)
        filters = [self._condition(field, _Is.EQUAL, value) for field, value in self._query.equals]
        if self._query.order_by is not None:
            filters += self._bounds(self._query.order_by)
        if filters:
            found.where.composite_filter.op = StructuredQuery.CompositeFilter.AND
            found.where.composite_filter.filters.extend(filters)
        return found

    def totals(self, sums: Sequence[str]) -> Any:
        """Return the aggregation that counts what matches and sums these fields."""
        aggregation = Aggregation(structured_query=self._matching())
        if self._ordered:
            aggregation.structured_query.order_by.add(field={"field_path": self._query.order_by}, direction=ASCENDING)
        aggregation.aggregations.add(alias=_COUNT).count.SetInParent()
        for position, field in enumerate(sums):
            aggregation.aggregations.add(alias=f"sum_{position}").sum.field.field_path = field
        return aggregation

    def _bounds(self, field: str) -> list[Any]:
        """Bound the order; without bounds leave out what has no value there."""
        bounds = []
        if self._query.since is not None:
            bounds.append(self._condition(field, _Is.GREATER_THAN_OR_EQUAL, self._query.since))
        if self._query.until is not None:
            bounds.append(self._condition(field, _Is.LESS_THAN_OR_EQUAL, self._query.until))
        if not bounds and self._ordered:
            is_there = StructuredQuery.UnaryFilter(op=StructuredQuery.UnaryFilter.IS_NOT_NULL)
            is_there.field.field_path = field
            bounds.append(StructuredQuery.Filter(unary_filter=is_there))
        return bounds

    def _condition(self, field: str, operator: int, value: Any) -> Any:
        if field == self._kind.key_field:
            return _filter(self._key, operator, self._key_value(str(value)))
        if value is None:
            is_null = StructuredQuery.UnaryFilter(op=StructuredQuery.UnaryFilter.IS_NULL)
            is_null.field.field_path = field
            return StructuredQuery.Filter(unary_filter=is_null)
        return _filter(field, operator, value_of(value))

    def _place(self, cursor: Cursor) -> list[Any]:
        check_within(self._query, cursor.value if self._ordered else cursor.key)
        key = self._key_value(cursor.key)
        return [value_of(cursor.value), key] if self._ordered else [key]

    def _key_value(self, key: str) -> Any:
        if self._key == OWN_KEY:
            return value_of(key)
        return Value(reference_value=f"{self._root}/{self._kind.collection}/{key}")


def start_after(query: Any, place: Sequence[Any]) -> None:
    """Let a query begin behind the document with these order values."""
    query.start_at.Clear()
    query.start_at.values.extend(place)


def count_of(totals: dict[str, Any]) -> int:
    """Return the count that an aggregation gave."""
    return int(totals[_COUNT].integer_value)


def sum_of(totals: dict[str, Any], position: int) -> int:
    """Return a sum that an aggregation gave; TypeError if it is no whole number."""
    value = totals[f"sum_{position}"]
    if value.HasField("double_value"):
        raise TypeError("sums are of whole numbers")
    return int(value.integer_value)


def expired(collection: str, now: Any, limit: int) -> Any:
    """Return the query for what expired longest before now; no fields."""
    found = StructuredQuery(select={"fields": [{"field_path": NAME}]})
    found.from_.add(collection_id=collection)
    found.where.CopyFrom(_filter(EXPIRES, _Is.LESS_THAN, moment(now)))
    found.order_by.add(field={"field_path": EXPIRES}, direction=ASCENDING)
    found.limit.value = limit
    return found


def _filter(field: str, operator: int, value: Any) -> Any:
    return StructuredQuery.Filter(field_filter={"field": {"field_path": field}, "op": operator, "value": value})
