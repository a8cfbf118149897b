"""Shadow mode: beside the old services. A call goes on to the old address; its answer is the caller's.

The addresses are settings (`BOUTIQUE_SHADOW_KYC=https://…`, by receiver). Without any, this service answers itself.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Literal, NamedTuple, TypeVar, cast

from pydantic import BaseModel, RootModel

from functions.legacy_checkout.difference import Found, note
from functions.legacy_checkout.faults import Told, differences
from functions.legacy_checkout.spoken import OldCall
from shared.calls.transport import Reply, over_socket
from shared.errors import BoutiqueError
from shared.settings import Settings
from shared.storage import Database, Document
from shared.storage.guard import leaving

log = logging.getLogger(__name__)
A = TypeVar("A", bound=BaseModel)
Receiver = Literal["kyc", "inventory", "crm", "accounting", "warehouse", "order_management", "partner", "azure"]
WAITS_S = 9.0
"""The old checkout waits 10 s."""


class PassedOn(RootModel[Any]):
    """An old service's own answer: body and status as they came."""

    _status: int = 200

    @property
    def answers(self) -> int:
        """Its status."""
        return self._status

    @classmethod
    def of(cls, reply: Reply) -> "PassedOn":
        """Return an answer to pass on; a body that is no JSON is passed on as text."""
        passed = cls(read(reply))
        passed._status = reply.status
        return passed


class OldCount(Document):
    """How many of a SKU the old inventory last said there are."""

    collection: ClassVar[str] = "old_counts"
    key_field: ClassVar[str] = "code"

    code: str
    count: int


class Asked(NamedTuple):
    """A call: to whom, which of its routes, at which path, with what; and what our own answer's status is."""

    receiver: Receiver
    route: str
    path: str = ""
    body: OldCall | None = None
    answers: int = 200
    kept: int = 0

    @property
    def where(self) -> str:
        """The route, with its receiver."""
        return f"{self.receiver} {self.route}"


class OldServices:
    """The old services, as far as their addresses are set."""

    def __init__(self, addresses: dict[str, str]) -> None:
        self._addresses = addresses

    @classmethod
    def connect(cls, settings: Settings) -> "OldServices":
        """Return them as the settings say."""
        return cls(settings.shadow)

    @property
    def shadowed(self) -> list[str]:
        """Whom calls are passed on to."""
        return sorted(self._addresses)

    def beside(self, db: Database, now: datetime, asked: Asked, ours: Callable[[], A]) -> A:
        """Return our answer; in shadow mode the old one, after noting what differs. CallFailed if the old is silent.

        Typed as ours, which is what the route promises; what an old service answers is the old service's word, whatever
        we would have said, and whatever is wrong with us.
        """
        if asked.receiver not in self._addresses:
            return _checked(asked, ours)
        reply = self._ask(asked)
        try:
            self._compare(db, now, asked, reply, ours)
        except Exception:
            log.exception("%s was answered, and could not be compared", asked.where)
        return cast(A, PassedOn.of(reply))

    def _compare(self, db: Database, now: datetime, asked: Asked, reply: Reply, ours: Callable[[], BaseModel]) -> None:
        own_status, own = _attempted(lambda: _checked(asked, ours), asked)
        old = read(reply)
        before = _remembered(db, asked, old)
        sent = asked.body.said if asked.body else {}
        told = Told(asked.where, sent, reply.status, old, own_status, own, before, asked.kept)
        note(db, differences(told), now)

    def also(self, db: Database, found: list[Found], now: datetime) -> None:
        """Note what shows itself otherwise."""
        if self._addresses:
            note(db, found, now)

    def _ask(self, asked: Asked) -> Reply:
        method, _, path = asked.route.partition(" ")
        body = asked.body.came if asked.body else None
        leaving(f"a call to the old {asked.receiver}")
        url = self._addresses[asked.receiver].rstrip("/") + (asked.path or path)
        headers = {"Content-Type": "application/json"} if body else {}
        return over_socket(url, method, {}, body, headers, WAITS_S)


def read(reply: Reply) -> Any:
    """Return what an answer says: JSON, or text if it is none."""
    try:
        return json.loads(reply.body or b"null")
    except ValueError:
        return reply.body.decode("utf-8", "replace")


def _checked(asked: Asked, ours: Callable[[], A]) -> A:
    if asked.body is not None:
        asked.body.checked()
    return ours()


def _attempted(ours: Callable[[], BaseModel], asked: Asked) -> tuple[int, Any]:
    """Return what we would have answered: a defect of ours is a difference, too."""
    try:
        answer = ours()
    except BoutiqueError as error:
        return error.status, {"code": error.code}
    except Exception:
        log.exception("%s would have failed", asked.where)
        return 500, {"code": "internal"}
    return getattr(answer, "answers", None) or asked.answers, json.loads(answer.model_dump_json(by_alias=True))


def _remembered(db: Database, asked: Asked, old: Any) -> int | None:
    """Note the old counts that an answer tells; return that of a sale's SKU as it was before."""
    if asked.receiver != "inventory":
        return None
    rows = old if isinstance(old, list) else [old]
    counts = {row["code"]: row["count"] for row in rows if _counts(row)}
    before = db.get_many(OldCount, list(counts)[:1]) if isinstance(old, dict) and counts else []

    def work(tx: Any) -> None:
        for code, count in counts.items():
            tx.put(OldCount(code=str(code), count=count))

    if counts:
        db.transact(work)
    return before[0].count if before and before[0] else None


def _counts(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("code"), str) and isinstance(row.get("count"), int)
