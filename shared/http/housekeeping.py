"""What every service does on a schedule without a row.

Send what its outbox still holds, purge what has outlived its time.
"""

from datetime import datetime
from typing import Any

from shared.http.records import HandledRecord, IdempotencyRecord
from shared.http.service import Service
from shared.storage import Document

HOUSEKEEPING: dict[str, str] = {"relay_outbox": "* * * * *", "purge_expired": "17 3 * * *"}
"""Function -> cron line; every Cloud Run service has them."""
_BATCHES = 50


def relay_outbox(service: Service, now: datetime) -> dict[str, Any]:
    """Publish outbox rows that their process left behind, oldest first."""
    sent = 0
    for _ in range(_BATCHES):
        left = service.database.unsent()
        if not left:
            break
        service.publish(left)
        service.database.discard_sent([event.id for event in left])
        sent += len(left)
    return {"sent": sent}


def purge_expired(service: Service, now: datetime) -> dict[str, Any]:
    """Remove records past their time, in batches; where TTL policies do it (Firestore) there is little to find."""
    kinds: tuple[type[Document], ...] = (IdempotencyRecord, HandledRecord)
    purged = 0
    for kind in kinds:
        for _ in range(_BATCHES):
            removed = service.database.purge(kind, now)
            purged += removed
            if not removed:
                break
    return {"purged": purged}


RUN = {"relay_outbox": relay_outbox, "purge_expired": purge_expired}
