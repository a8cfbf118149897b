"""POST /order_management/: the push target of the old order management. It is kept, then acknowledged."""

import base64
import binascii
from datetime import datetime
from typing import Any

from functions.legacy_checkout.answers import Pushed
from functions.legacy_checkout.bodies import OrderMessage
from functions.legacy_checkout.gathering import hear
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.spoken import OldCall
from shared.calls import Calls
from shared.errors import BadRequest
from shared.settings import Settings
from shared.storage import Database


class PushBody(OldCall):
    """What Pub/Sub pushes."""

    message: dict[str, Any] | None = None
    subscription: str = ""


def take_push(
    command: PushBody, db: Database, call: Calls, old: OldServices, settings: Settings, now: datetime
) -> Pushed:
    """Take a pushed order; BadRequest for a bad envelope, Invalid for what is no order: the broker then keeps it.

    A CloudEvent of ours is acknowledged without effect: our own functions hear it.
    """

    def ours() -> Pushed:
        data = _data(command)
        if "ce-type" in ((command.message or {}).get("attributes") or {}):
            return Pushed()
        message = OrderMessage.from_json(data)
        message.checked()
        hear(db, call, settings, "event", message.order_id, message.facts(), now)
        return Pushed()

    return old.beside(db, now, Asked("order_management", "POST /", body=command), ours)


def _data(command: PushBody) -> bytes:
    try:
        return base64.b64decode((command.message or {})["data"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise BadRequest('not a Pub/Sub push body: {"message": {"data": base64, …}, "subscription": …}') from None
