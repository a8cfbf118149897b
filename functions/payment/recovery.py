"""What follows a refusal of the gateway: when a capture or a refund is asked for again, and under which key.

A refused capture or refund is asked for again one day later, three days after that, and seven days after that. If the
gateway refuses it the fourth time, it is `owed`: `GET /payments` shows it, and a person asks again by the operator's
route (`POST /captures/{shipment_id}/retry`, `POST /refunds/{return_id}/retry`), for instance once the customer has
called the bank. Nothing is written off here.
"""

from datetime import datetime, timedelta

RETRY_AFTER = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""After the first, second and third refusal."""


def asked_again_at(attempts: int, now: datetime) -> datetime | None:
    """Return when to ask again after so many refusals, the last one now; None when it is a person's turn."""
    return now + RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else None


def attempt_key(key: str, attempt: int) -> str:
    """Return the gateway's idempotency key of an attempt: each is a new question, a repeat of one is not."""
    return key if attempt == 1 else f"{key}.{attempt}"
