"""How a customer wants to be told, and what they agreed to: as it is, and as it became so."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from functions.crm.belonging import Belonging
from shared.events.customer import CustomerPreferencesChanged
from shared.storage import Document, Index, Transaction
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId, new_id
from shared.values.personal import Personal, PersonalText

Channel = Literal["email", "sms", "push", "in_app"]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
"""A BCP 47 tag of a language, with a region or not: en, de-AT."""
Phone = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$"), Personal()]
"""A telephone number in E.164 form: +4915112345678."""
DeviceToken = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,512}$"), Personal()]
"""What a push service calls a device."""
DEVICES_KEPT = 20
Subject = Literal["language", "channels", "marketing", "phone", "device_tokens"]


class Preferences(Document):
    """What a customer last said; who never said anything is written to in English, by e-mail, without marketing."""

    collection: ClassVar[str] = "preferences"
    key_field: ClassVar[str] = "customer_id"

    customer_id: CustomerId
    language: Language = "en"
    channels: tuple[Channel, ...] = ("email",)
    marketing: bool = False
    phone: Phone | None = None
    device_tokens: tuple[DeviceToken, ...] = ()
    changed_at: Timestamp | None = None


class Consent(Belonging):
    """What a customer said of one thing, when, and where we have it from. Holds no number and no token."""

    collection: ClassVar[str] = "consents"
    key_field: ClassVar[str] = "consent_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("customer_id", "at"),)

    consent_id: str
    customer_id: CustomerId
    what: Subject
    said: str
    source: PersonalText
    at: Timestamp


def say(tx: Transaction, before: Preferences, after: Preferences, source: str, now: datetime) -> Preferences:
    """Write what a customer wants now, with history and event; nothing if it is what they wanted before.

    What is said for the first time goes into the history even if it is what was assumed.
    """
    if before.changed_at is not None and after == before:
        return before
    for what, said in _changes(before, after):
        consent = Consent(
            consent_id=new_id("cns", now), customer_id=after.customer_id, what=what, said=said, source=source, at=now
        )
        tx.create(consent)
    stored = after.model_copy(update={"changed_at": now})
    tx.put(stored)
    event = CustomerPreferencesChanged(
        customer_id=after.customer_id, language=after.language, channels=after.channels, marketing=after.marketing
    )
    tx.emit(event, now)
    return stored


def _changes(before: Preferences, after: Preferences) -> Iterator[tuple[Subject, str]]:
    first = before.changed_at is None
    if first or before.language != after.language:
        yield "language", after.language
    if first or before.channels != after.channels:
        yield "channels", ", ".join(after.channels)
    if first or before.marketing != after.marketing:
        yield "marketing", "agreed" if after.marketing else "refused"
    if before.phone != after.phone:
        yield "phone", "given" if after.phone else "withdrawn"
    if before.device_tokens != after.device_tokens:
        yield "device_tokens", f"{len(after.device_tokens)} given"
