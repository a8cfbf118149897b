"""What is stored: documents of a service's own, each got by its key, found otherwise only by a declared index."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

T = TypeVar("T")


@dataclass(frozen=True)
class Index:
    """A composite index: equality fields first, then at most one field to order or bound by."""

    fields: tuple[str, ...]

    def __init__(self, *fields: str) -> None:
        object.__setattr__(self, "fields", fields)


class Document(BaseModel):
    """A stored document. Subclasses name their collection, the field that is the key, and their indexes.

        class Reservation(Document):
            collection = "reservations"
            key_field = "order_id"
            indexes = (Index("state", "expires_at"),)

    Keys hold no `/` and are at most 400 bytes. Indexed fields are text, whole numbers, booleans or `Timestamp`, at
    the top level. `ttl_field` names a `Timestamp` field after which the document may be purged. Raise
    `schema_version` when the shape changes and upgrade older data in `upgrade`.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, defer_build=True)

    collection: ClassVar[str]
    key_field: ClassVar[str] = "key"
    indexes: ClassVar[tuple[Index, ...]] = ()
    ttl_field: ClassVar[str | None] = None
    current_schema: ClassVar[int] = 1

    schema_version: int = 1

    def __init__(self, **data: Any) -> None:
        data.setdefault("schema_version", type(self).current_schema)
        super().__init__(**data)

    @property
    def document_key(self) -> str:
        """The key under which this is stored."""
        return str(getattr(self, self.key_field))

    @classmethod
    def upgrade(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Bring data of an older `schema_version` to the current shape; called on read."""
        return data

    @classmethod
    def load(cls, body: str | bytes) -> Self:
        """Read a stored body, upgrading it if it is of an older schema."""
        try:
            document = cls.model_validate_json(body)
        except ValidationError:
            document = None
        if document is not None and document.schema_version == cls.current_schema:
            return document
        import json  # noqa: PLC0415  (only for documents of an older schema)

        return cls.model_validate({**cls.upgrade(json.loads(body)), "schema_version": cls.current_schema})


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of a list; `next_cursor` asks for the rest and is None at the end."""

    items: list[T]
    next_cursor: str | None = None


@dataclass(frozen=True)
class Query:
    """Equality on `equals`, then optionally order by (and bound by) one field; ties by key. Needs a declared index.

    `since` is inclusive, `until` is inclusive; both bound `order_by`.
    """

    equals: tuple[tuple[str, str | int | bool], ...] = ()
    order_by: str | None = None
    since: str | int | datetime | None = None
    until: str | int | datetime | None = None
    descending: bool = False


@dataclass(frozen=True)
class Totals:
    """What an aggregation gives: how many documents match, and the sums of whole-number fields."""

    count: int
    sums: dict[str, int]
