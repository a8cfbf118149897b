"""Telling events again: dead letters, and what the archive keeps; each to one subscription, first as a dry run.

A dry run asks the door `POST /dry-run/{function}` of each service, which runs the function and keeps nothing.
"""

import base64
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from pydantic import Field

from shared.errors import BoutiqueError, CallFailed, Invalid
from shared.events import Envelope
from shared.hosts.local.desk import Desk
from shared.hosts.local.estate import Estate
from shared.hosts.local.forms import Form, read_form
from shared.http.request import Request
from shared.manifest import manifest, topics
from shared.messaging.publisher import Letter, Message, messages_of
from shared.values.clock import Timestamp, rfc3339

ARCHIVE = "data_warehouse"
"""Who keeps every event: it hears none of them again unless it is named."""
Body = dict[str, Any]


class LettersForm(Form):
    """Which dead letters; all, without either."""

    subscription: str | None = None
    ids: list[str] | None = None
    dry_run: bool = False


class ArchiveForm(Form):
    """Which events of the archive, and to whom: every subscription that wants their type, or one."""

    order_id: str | None = None
    type: str | None = None
    since: Timestamp | None = None
    until: Timestamp | None = None
    subscription: str | None = None
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = None
    dry_run: bool = True


class Replays:
    """Answers `POST /-/dead-letters/replay` and `POST /-/archive/replay`."""

    def __init__(self, estate: Estate, desk: Desk) -> None:
        self._estate, self._desk = estate, desk
        self._subscriptions = {each.name: each for each in manifest().subscriptions()}

    def dead_letters(self, request: Request) -> Body:
        """Replay dead letters, or tell what that would do; Invalid for a subscription or ids that are none."""
        wanted = read_form(LettersForm, request)
        self._check(wanted.subscription)
        try:
            if not wanted.dry_run:
                return {"replayed": self._desk.replay(wanted.subscription, wanted.ids)}
            return self._told(self._desk.letters(wanted.subscription, wanted.ids))
        except ValueError as error:
            raise Invalid(("ids", "expected ids of GET /-/dead-letters")) from error

    def archive(self, request: Request) -> Body:
        """Replay a page of archived events, or tell what that would do, as it is unless `dry_run` is false."""
        wanted = read_form(ArchiveForm, request)
        self._check(wanted.subscription)
        events, next_cursor = self._page(wanted)
        letters = list(self._addressed(events, wanted.subscription))
        if wanted.dry_run:
            return {**self._told(letters), "next_cursor": next_cursor}
        return {"replayed": self._send(letters), "events": len(events), "next_cursor": next_cursor}

    def _check(self, subscription: str | None) -> None:
        if subscription is not None and subscription not in self._subscriptions:
            raise Invalid(("subscription", "expected a name of GET /-/subscriptions"))

    def _page(self, wanted: ArchiveForm) -> tuple[list[Envelope], str | None]:
        named = {"order_id": wanted.order_id, "type": wanted.type, "cursor": wanted.cursor, "limit": str(wanted.limit)}
        times = {"since": wanted.since, "until": wanted.until}
        asked = named | {name: rfc3339(moment) for name, moment in times.items() if moment is not None}
        query = {name: value for name, value in asked.items() if value is not None}
        reply = self._estate.ask("operator", ARCHIVE, "GET", "/archive", query=query)
        found = json.loads(reply.body)
        if reply.status == 422:
            raise Invalid(*((each["field"], each["message"]) for each in found["errors"]))
        if reply.status != 200:
            raise CallFailed(f"{ARCHIVE} answered {reply.status} {found.get('code')}")
        return [Envelope.model_validate(each) for each in found["items"]], found["next_cursor"]

    def _addressed(self, events: Iterable[Envelope], subscription: str | None) -> Iterable[Letter]:
        """Give each event as a message to each subscription that wants it; of a type without topic nobody hears."""
        write = messages_of(topics())
        for event in events:
            try:
                [message] = write([event])
            except LookupError:
                continue
            for each in self._subscriptions.values():
                named = each.name == subscription if subscription else each.service != ARCHIVE
                if named and each.topic == message.topic and each.wants(message.attributes):
                    yield Letter(event.id, each, message)

    def _send(self, letters: Iterable[Letter]) -> int:
        by_subscription: dict[str, list[Message]] = {}
        for letter in letters:
            by_subscription.setdefault(letter.subscription.name, []).append(letter.message)
        return sum(self._desk.send(self._subscriptions[name], found) for name, found in by_subscription.items())

    def _told(self, letters: Iterable[Letter]) -> Body:
        items = [self._tried(each) for each in letters]
        return {"dry_run": True, "items": items, "counts": Counter(each["outcome"] for each in items), "replayed": 0}

    def _tried(self, letter: Letter) -> Body:
        attributes = letter.message.attributes
        named = {"event_id": attributes.get("ce-id"), "event_type": attributes.get("ce-type")}
        source = letter.subscription
        told = {"id": letter.id, "subscription": source.name, **named}
        try:
            reply = self._estate.ask("operator", source.service, "POST", f"/dry-run/{source.function}", pushed(letter))
        except BoutiqueError as error:
            return {**told, "outcome": "unknown", "code": error.code, "detail": error.detail}
        said = json.loads(reply.body)
        if reply.status != 200:
            said = {"outcome": "unknown", "code": said.get("code"), "detail": said.get("detail")}
        return {**told, **said}


def pushed(letter: Letter) -> bytes:
    """Return the body by which Pub/Sub would push a message to a subscription for the first time."""
    message = {
        "data": base64.b64encode(letter.message.data).decode(),
        "attributes": letter.message.attributes,
        "messageId": letter.id,
        "orderingKey": letter.message.ordering_key,
    }
    name = f"projects/local/subscriptions/{letter.subscription.name}"
    return json.dumps({"message": message, "subscription": name, "deliveryAttempt": 1}).encode()
