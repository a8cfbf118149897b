"""Every event: keep it until it is loaded into the analytical store."""

from functions.data_warehouse.inbox import InboxRow
from shared.events import Envelope
from shared.storage import Transaction


def collect_event(envelope: Envelope, tx: Transaction) -> None:
    """Put an event into the inbox, of whatever type; its id is the key."""
    tx.put(InboxRow(event_id=envelope.id, envelope=envelope))
