"""What is stored: documents of a service's own, each got by its key, found otherwise only by a declared index."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

T = TypeVar("T")

OUTBOX = "outbox"
"""The collection that every adapter keeps for itself."""
_COLLECTION = re.compile(r"[a-z][a-z0-9_]{0,62}")
_RESERVED_KEY = re.compile(r"\.{1,2}|__.*__", re.DOTALL)
LARGEST_BODY = 1_000_000  # bytes; Firestore takes 1 MiB, names and indexed fields and all


@dataclass(frozen=True)
class Index:
    """A composite index: equality fields first, then at most one field to order or bound by.

    `sums` names up to four whole-number fields that are summed under exactly these conditions: Firestore then adds
    them up by its index; what is summed without being named here is read document by document.
    """

    fields: tuple[str, ...]
    sums: tuple[str, ...]

    def __init__(self, *fields: str, sums: tuple[str, ...] = ()) -> None:
        if len(sums) > 4:
            raise TypeError("an index holds at most four sums")
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "sums", sums)


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

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Let a new document be of the current schema: an `__init__` that says so halves the speed of every read."""
        cls.model_fields["schema_version"].default = cls.current_schema

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


def check_collection(kind: type[Document]) -> None:
    """Raise TypeError for a collection that not every store can have."""
    if not _COLLECTION.fullmatch(kind.collection) or kind.collection == OUTBOX:
        raise TypeError(f"{kind.__name__}: {kind.collection!r} can't be a collection")


def is_key(key: str) -> bool:
    """Say whether a document can lie under this key in every store."""
    if not key or "/" in key or (len(key) > 100 and len(key.encode()) > 400):
        return False
    return key[0] not in "._" or not _RESERVED_KEY.fullmatch(key)


def checked_key(document: Document) -> str:
    """Return the document's key; ValueError for one that not every store takes."""
    key = document.document_key
    if not is_key(key):
        raise ValueError(f"a key holds 1 to 400 bytes, no slash, and is not reserved; got {key[:120]!r}")
    return key


def checked_body(document: Document) -> str:
    """Return the document as JSON; ValueError for one that is larger than every store takes."""
    body = document.model_dump_json()
    if len(body) > LARGEST_BODY or (len(body) > LARGEST_BODY // 4 and len(body.encode()) > LARGEST_BODY):
        raise ValueError(f"{document.collection}/{document.document_key} is larger than {LARGEST_BODY} bytes")
    return body
