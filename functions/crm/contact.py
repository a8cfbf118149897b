"""A customer as somebody who is written to."""

from functions.crm.customer import Customer
from functions.crm.preferences import Channel, DeviceToken, Language, Phone, Preferences
from shared.http.models import Answer
from shared.storage.database import Reader
from shared.values.identifiers import CustomerId
from shared.values.personal import Email, PersonalText


class Contact(Answer):
    """How a customer wants to be told, and where each channel reaches them."""

    customer_id: CustomerId
    email: Email
    first_name: PersonalText
    last_name: PersonalText
    language: Language
    channels: tuple[Channel, ...]
    marketing: bool
    phone: Phone | None = None
    device_tokens: tuple[DeviceToken, ...] = ()


def preferences_of(reader: Reader, customer_id: str) -> Preferences:
    """Return what a customer last said, or what is assumed of who never said anything."""
    return reader.get(Preferences, customer_id) or Preferences(customer_id=customer_id)


def contact_of(customer: Customer, preferences: Preferences) -> Contact:
    """Show how a customer is reached."""
    return Contact(
        customer_id=customer.customer_id,
        email=customer.email,
        first_name=customer.first_name,
        last_name=customer.last_name,
        language=preferences.language,
        channels=preferences.channels,
        marketing=preferences.marketing,
        phone=preferences.phone,
        device_tokens=preferences.device_tokens,
    )
