"""PUT /customers/{customer_id}/preferences: how a customer wants to be told, and what they agree to."""

from datetime import datetime

from pydantic import Field

from functions.crm.contact import Contact, contact_of, preferences_of
from functions.crm.identity import known
from functions.crm.preferences import DEVICES_KEPT, Channel, DeviceToken, Language, Phone, say
from shared.errors import Invalid
from shared.http.models import Caller, Command
from shared.storage import Transaction
from shared.values.identifiers import CustomerId
from shared.values.personal import PersonalText


class SetPreferences(Command):
    """The whole of it: what is left out is withdrawn. `source` is where the customer said so (or else the caller)."""

    language: Language
    channels: tuple[Channel, ...] = Field(max_length=4)
    marketing: bool
    phone: Phone | None = None
    device_tokens: tuple[DeviceToken, ...] = Field(default=(), max_length=DEVICES_KEPT)
    source: PersonalText | None = Field(default=None, min_length=1, max_length=100)


def set_preferences(
    customer_id: CustomerId, command: SetPreferences, tx: Transaction, caller: Caller, now: datetime
) -> Contact:
    """Keep what the customer says with its history. Invalid for a channel that leads nowhere; NotFound."""
    _check_reachable(command)
    customer = known(tx, customer_id)
    before = preferences_of(tx, customer.customer_id)
    wanted = before.model_copy(
        update={
            "language": command.language,
            "channels": tuple(dict.fromkeys(command.channels)),
            "marketing": command.marketing,
            "phone": command.phone,
            "device_tokens": tuple(dict.fromkeys(command.device_tokens)),
        }
    )
    return contact_of(customer, say(tx, before, wanted, command.source or caller.name, now))


def _check_reachable(command: SetPreferences) -> None:
    if "sms" in command.channels and command.phone is None:
        raise Invalid(("phone", "is required for the channel sms"))
    if "push" in command.channels and not command.device_tokens:
        raise Invalid(("device_tokens", "at least one is required for the channel push"))
