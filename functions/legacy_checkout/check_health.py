"""GET /{receiver}/health: whether a receiver answers; here all of them are one."""

from functions.legacy_checkout.answers import Health
from functions.legacy_checkout.old_services import Receiver


def check_health(receiver: Receiver) -> Health:
    """Answer; Invalid for a receiver that there is not. What answers is this service, also in shadow mode."""
    return Health()
