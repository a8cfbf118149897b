"""How customers want to be told: what crm said last, and what holds for those who never said."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from functions.notification.channels import CHANNELS, Channel
from shared.calls.port import Calls
from shared.http.models import View
from shared.storage import Database, Document
from shared.values.clock import Timestamp
from shared.values.personal import Email, PersonalText

LANGUAGES = ("en", "de")
"""Those that have templates; the first is for everyone else."""
GERMAN_SPEAKING = frozenset({"DE", "AT", "LI"})
USUAL: tuple[Channel, ...] = ("email",)


class Preferences(Document):
    """A customer's wishes, as of `changed_at`: of two, the later one counts."""

    collection = "preferences"
    key_field = "customer_id"

    customer_id: str
    language: str
    channels: tuple[str, ...]
    changed_at: Timestamp


class Reach(View):
    """Where crm says a customer can be reached beside their e-mail address."""

    phone: PersonalText | None = None
    device_tokens: tuple[PersonalText, ...] = ()


@dataclass(frozen=True)
class Audience:
    """Who is told, in which language, and where: by channel, each address gets the message once."""

    customer_id: str
    first_name: str
    language: str
    addresses: dict[Channel, tuple[str, ...]] = field(default_factory=dict)


def audience(db: Database, call: Calls, customer_id: str, email: Email, first_name: str, country: str) -> Audience:
    """Return how a customer is told; crm is asked only if they want to be told by telephone. May raise CallFailed."""
    wishes = db.get(Preferences, customer_id)
    wanted = _wanted(wishes.channels if wishes else USUAL)
    reach = Reach()
    if {"sms", "push"} & set(wanted):
        reach = call.get("crm", f"/customers/{customer_id}/contact", Reach)
    places: dict[Channel, tuple[str, ...]] = {
        "email": (email,),
        "sms": (reach.phone,) if reach.phone else (),
        "push": reach.device_tokens,
        "in_app": (customer_id,),
    }
    addresses = {channel: places[channel] for channel in wanted if places[channel]}
    return Audience(
        customer_id=customer_id,
        first_name=first_name,
        language=_language(wishes.language if wishes else None, country),
        addresses=addresses or {"email": (email,)},
    )


def _wanted(channels: Sequence[str]) -> tuple[Channel, ...]:
    return tuple(channel for channel in CHANNELS if channel in channels)


def _language(wish: str | None, country: str) -> str:
    """Return the language of a wish (BCP 47: 'de-AT'), else that of the country."""
    spoken = wish.split("-")[0].lower() if wish else "de" if country in GERMAN_SPEAKING else LANGUAGES[0]
    return spoken if spoken in LANGUAGES else LANGUAGES[0]
