"""POST /captures/{shipment_id}/retry: a person asks again for a capture that the gateway refused."""

from datetime import datetime

from functions.payment.capture import Capture
from functions.payment.gateway import Gateway, GatewayError
from functions.payment.payment_answer import PaymentAnswer, of_capture
from functions.payment.retry import retry_capture
from shared.errors import InProgress, NotFound
from shared.http.models import Command
from shared.storage import Database
from shared.values.identifiers import ShipmentId


class RetryFailedCapture(Command):
    """Nothing but the path is needed."""


def retry_failed_capture(
    shipment_id: ShipmentId, command: RetryFailedCapture, db: Database, gateway: Gateway, now: datetime
) -> PaymentAnswer:
    """Ask once more and return how the capture stands; one that is captured is not asked for. NotFound, InProgress."""
    capture = db.get(Capture, shipment_id)
    if capture is None:
        raise NotFound(f"nothing was captured or to be captured for {shipment_id}")
    try:
        return of_capture(retry_capture(db, gateway, capture, now))
    except GatewayError:
        raise InProgress("The gateway has not said yet whether it captured.", retry_after=3) from None
