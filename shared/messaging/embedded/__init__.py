"""The broker of a laptop: one SQLite file with Google Pub/Sub's push semantics.

`Broker` keeps messages and deliveries, `Deliverer` pushes them, `Wakeups` lets any process hear of a publish at once.
"""

from shared.messaging.embedded.broker import Broker
from shared.messaging.embedded.deliverer import Deliverer
from shared.messaging.embedded.delivery import Delivery, Nack, PushResult
from shared.messaging.embedded.wakeups import Wakeups

__all__ = ["Broker", "Deliverer", "Delivery", "Nack", "PushResult", "Wakeups"]
