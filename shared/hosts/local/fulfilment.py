"""`--fulfil auto`: dispatches and delivers shipments through the public routes, as people would."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.calls.http import HttpCalls
from shared.errors import BoutiqueError
from shared.http.models import View
from shared.messaging.embedded.connect import broker_file
from shared.messaging.embedded.wakeups import Wakeups, wake_folder
from shared.settings import Settings
from shared.values.clock import utc_now

log = logging.getLogger(__name__)
_HANDS = 4
_SWEEP_S = 1.0
_GATHER_S = 0.03
_BATCH = 100


class _Shipment(View):
    shipment_id: str


class _Shipments(View):
    items: list[_Shipment]


class Fulfilment:
    """A thread that looks for planned and dispatched shipments, and hands that carry them on."""

    def __init__(self, settings: Settings, instance_id: str) -> None:
        self._calls = HttpCalls("operator", settings, {}, utc_now)
        self._stopping = threading.Event()
        self._wakeups = Wakeups(wake_folder(broker_file(settings)), f"{instance_id}-fulfilment")
        self._thread = threading.Thread(target=self._work, name="fulfilment", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after what is in hand."""
        self._stopping.set()
        self._wakeups.nudge()
        self._thread.join(10)

    def _work(self) -> None:
        with ThreadPoolExecutor(_HANDS, "hands") as hands:
            while not self._stopping.is_set():
                done = 0
                for status, verbs in (("dispatched", ("deliver",)), ("planned", ("dispatch", "deliver"))):
                    found = self._shipments(status)
                    done += sum(hands.map(lambda shipment, verbs=verbs: self._carry(shipment, verbs), found))
                if not done:
                    self._await_plans()

    def _await_plans(self) -> None:
        """Wait until shipments are planned, a little longer to take several at once, and at most until the sweep."""
        until = time.monotonic() + _SWEEP_S
        while not self._stopping.is_set() and (left := until - time.monotonic()) > 0:
            if "shipment.planned" in self._wakeups.wait(left):
                self._stopping.wait(_GATHER_S)
                return

    def _shipments(self, status: str) -> list[str]:
        try:
            page: Any = self._calls.get("warehouse", "/shipments", _Shipments, status=status, limit=_BATCH)
            return [shipment.shipment_id for shipment in page.items]
        except BoutiqueError as error:
            log.info("no shipments to carry: %s", error.code)
            return []

    def _carry(self, shipment: str, verbs: tuple[str, ...]) -> bool:
        try:
            for verb in verbs:
                self._calls.post("warehouse", f"/shipments/{shipment}/{verb}", {}, View)
        except BoutiqueError as error:
            log.info("%s stays for now: %s", shipment, error.code)
            return False
        return True
