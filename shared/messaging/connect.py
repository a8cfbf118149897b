"""Which Publisher this process uses."""

from shared.messaging.publisher import Publisher
from shared.settings import Settings


def connect_publisher(service: str, settings: Settings) -> Publisher:
    """Return the broker's door: over HTTP when `settings.broker` names one, else the embedded broker's own file."""
    if settings.broker:
        from shared.messaging.rest import RestPublisher  # noqa: PLC0415

        return RestPublisher(service, settings)
    from shared.messaging.embedded.connect import connect_broker  # noqa: PLC0415

    return connect_broker(settings)
