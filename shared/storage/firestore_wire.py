"""Google's Firestore client: the one module that imports it, its messages, its calls and what their failures mean.

Messages are built in their raw protobuf classes: the client's own wrappers cost several times as much for each field.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import grpc
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore_v1 import types
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport

from shared.errors import Unavailable

R = TypeVar("R")


def _raw(kind: Any) -> Any:
    return type(kind.pb(kind()))


Write: Any = _raw(types.Write)
Value: Any = _raw(types.Value)
Query: Any = _raw(types.StructuredQuery)
Aggregation: Any = _raw(types.StructuredAggregationQuery)
Timestamp: Any = type(Value().timestamp_value)
_Batch: Any = _raw(types.BatchGetDocumentsRequest)
_Commit: Any = _raw(types.CommitRequest)
_Run: Any = _raw(types.RunQueryRequest)
_Totals: Any = _raw(types.RunAggregationQueryRequest)

READ_S, TOTALS_S, COMMIT_S = 2.5, 20.0, 10.0
READS = 3
FIRST_PAUSE_S = 0.05

_TRANSIENT = (
    exceptions.ServiceUnavailable,
    exceptions.DeadlineExceeded,
    exceptions.InternalServerError,
    exceptions.TooManyRequests,
    exceptions.Aborted,
)

_CONFLICT = (exceptions.Aborted, exceptions.FailedPrecondition, exceptions.AlreadyExists, exceptions.NotFound)
_UNKNOWN = (
    exceptions.ServiceUnavailable,
    exceptions.DeadlineExceeded,
    exceptions.InternalServerError,
    exceptions.Unknown,
    exceptions.Cancelled,
)
_KEEPALIVE = [("grpc.keepalive_time_ms", 30_000), ("grpc.max_receive_message_length", -1)]


class Conflict(Exception):
    """Another writer came first; nothing was written."""


class OutcomeUnknown(Exception):
    """The commit was sent and nobody said what became of it."""


class CutOff(Exception):
    """An answer that doesn't tell of every document that was asked for: silence is not absence."""


class FirestoreWire:
    """One named database, spoken to over one channel. Open it after forking.

    With `emulator` (host:port) nothing is encrypted and nobody is asked who we are; otherwise the credentials are the
    platform's own.
    """

    def __init__(self, project: str, database: str, emulator: str = "") -> None:
        self.database = f"projects/{project}/databases/{database}"
        self.root = f"{self.database}/documents"
        self._client = _emulated(emulator) if emulator else FirestoreClient()

    def name(self, collection: str, key: str) -> str:
        """Return a document's full name."""
        return f"{self.root}/{collection}/{key}"

    def documents(self, names: Iterable[str], fields: Sequence[str]) -> dict[str, Any]:
        """Read these fields of documents by name; those that are missing are left out."""
        request = _Batch(database=self.database, documents=names, mask={"field_paths": fields})
        if not request.documents:
            return {}

        def read() -> dict[str, Any]:
            answers = self._client.batch_get_documents(
                types.BatchGetDocumentsRequest.wrap(request), retry=None, timeout=READ_S
            )
            told = [types.BatchGetDocumentsResponse.pb(answer) for answer in answers]
            found = {answer.found.name: answer.found for answer in told if answer.HasField("found")}
            missing = {answer.missing for answer in told if answer.HasField("missing")}
            if not found.keys() | missing >= set(request.documents):
                raise CutOff
            return found

        return _patiently(read)

    def run(self, query: Any) -> list[Any]:
        """Return the documents that a query finds."""
        request = _Run(parent=self.root, structured_query=query)

        def read() -> list[Any]:
            answers = self._client.run_query(types.RunQueryRequest.wrap(request), retry=None, timeout=READ_S)
            found = (types.RunQueryResponse.pb(answer) for answer in answers)
            return [answer.document for answer in found if answer.HasField("document")]

        return _patiently(read)

    def aggregate(self, aggregation: Any) -> dict[str, Any]:
        """Return the values of an aggregation by their aliases."""
        request = _Totals(parent=self.root, structured_aggregation_query=aggregation)

        def read() -> dict[str, Any]:
            answers = self._client.run_aggregation_query(
                types.RunAggregationQueryRequest.wrap(request), retry=None, timeout=TOTALS_S
            )
            found = [types.RunAggregationQueryResponse.pb(answer) for answer in answers]
            return dict(found[0].result.aggregate_fields)

        return _patiently(read)

    def commit(self, writes: Sequence[Any]) -> None:
        """Write all or nothing. Conflict if a precondition fails, OutcomeUnknown if no answer came; never repeated."""
        request = _Commit(database=self.database, writes=writes)
        try:
            self._client.commit(types.CommitRequest.wrap(request), retry=None, timeout=COMMIT_S)
        except _CONFLICT as error:
            raise Conflict(error.message) from error
        except _UNKNOWN as error:
            raise OutcomeUnknown(error.message) from error
        except exceptions.TooManyRequests as error:
            raise Unavailable("the database takes no more writes now") from error

    def close(self) -> None:
        """Give back the channel."""
        self._client.transport.close()  # type: ignore[no-untyped-call]


def _emulated(address: str) -> FirestoreClient:
    channel = grpc.insecure_channel(address, options=_KEEPALIVE)
    nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]
    return FirestoreClient(transport=FirestoreGrpcTransport(channel=channel, credentials=nobody))


def _patiently(read: Callable[[], R]) -> R:
    """Read again after a passing failure, three times in all; then Unavailable."""
    for pause in _pauses():
        try:
            return read()
        except (*_TRANSIENT, CutOff) as error:
            if pause is None:
                raise Unavailable(f"the database does not answer: {error}") from error
            time.sleep(pause)
    raise AssertionError("unreachable: the last pause is None")


def _pauses() -> Iterator[float | None]:
    for attempt in range(READS - 1):
        yield FIRST_PAUSE_S * 2**attempt * (0.5 + random.random())
    yield None
