"""Which Publisher this process uses."""

from shared.messaging.publisher import Publisher
from shared.settings import Settings


def connect_publisher(service: str, settings: Settings) -> Publisher:
    """Return the broker's door.

    Over HTTP when `settings.broker` names one, Pub/Sub in the cloud, its emulator (in the estate with a ledger of what
    goes there), else the embedded broker's file.
    """
    if settings.broker:
        from shared.messaging.rest import RestPublisher  # noqa: PLC0415  (a process loads only the adapter it uses)

        return RestPublisher(service, settings)
    if settings.platform == "emulators":
        from shared.messaging.emulated.connect import connect_emulated  # noqa: PLC0415

        return connect_emulated(settings)
    if settings.platform == "cloud" or settings.pubsub:
        from shared.messaging.pubsub import PubSubPublisher  # noqa: PLC0415

        return PubSubPublisher(settings)
    from shared.messaging.embedded.connect import connect_broker  # noqa: PLC0415

    return connect_broker(settings)
