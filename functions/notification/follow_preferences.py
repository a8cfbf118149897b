"""customer.preferences_changed: remember how a customer wants to be told."""

from functions.notification.preferences import Preferences
from shared.events import Envelope
from shared.events.customer import CustomerPreferencesChanged
from shared.storage import Transaction


def follow_preferences(event: CustomerPreferencesChanged, envelope: Envelope, tx: Transaction) -> None:
    """Keep the wishes; those that are older than what is kept change nothing."""
    known = tx.get(Preferences, event.customer_id)
    if known is None or known.changed_at < envelope.time:
        tx.put(
            Preferences(
                customer_id=event.customer_id,
                language=event.language,
                channels=event.channels,
                changed_at=envelope.time,
            )
        )
