"""What the estate has still to do by itself.

Deliveries, outbox rows, sagas, intents, inbox rows, invoices without number.
"""

import json
from concurrent.futures import ThreadPoolExecutor

from shared.hosts.local.desk import Desk
from shared.hosts.local.estate import Estate

_UNDELIVERED = ("planned", "dispatched")


def outstanding(estate: Estate, broker: Desk) -> dict[str, int]:
    """Return what is outstanding by name, empty when idle. Held orders, dead letters and people's work don't count.

    Deliveries are counted before and after the services, so that work on its way between them is not missed.
    """
    found = {"deliveries": broker.backlog()}
    if found["deliveries"]:
        return found
    with ThreadPoolExecutor(4, "idle") as pool:
        for counted in pool.map(lambda name: _of_service(estate, name), estate.services):
            found |= counted
    if estate.settings.fulfil == "auto":
        found |= {f"warehouse.{status}": _shipments(estate, status) for status in _UNDELIVERED}
    found["deliveries"] = broker.backlog()
    return {name: count for name, count in found.items() if count}


def _of_service(estate: Estate, service: str) -> dict[str, int]:
    reply = estate.ask("operator", service, "GET", "/outstanding")
    if reply.status != 200:
        return {f"{service}.unreachable": 1}
    return {f"{service}.{name}": count for name, count in json.loads(reply.body).items()}


def _shipments(estate: Estate, status: str) -> int:
    reply = estate.ask("operator", "warehouse", "GET", "/shipments", query={"status": status, "limit": "1"})
    return len(json.loads(reply.body)["items"]) if reply.status == 200 else 1
