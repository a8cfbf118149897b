"""Many customers at once, who ask again under the same key until they get an answer that is final."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import requests

from tests.estate import RunningEstate
from tests.journeys.shopping import send_order

PATIENCE_S = 90.0
_PAUSE_S = 0.05


@dataclass(frozen=True)
class Outcome:
    """What one customer was told in the end."""

    body: dict[str, Any]
    status: int
    answer: dict[str, Any]

    @property
    def kind(self) -> str:
        """`confirmed`, `held`, or the code of the refusal.

        An order that was held because fraud was silent is scored again by itself, and then goes by its e-mail's domain.
        """
        if self.status != 201:
            return str(self.answer["code"])
        if self.was_silent and not self.body["customer"]["email"].endswith("@review.test"):
            return "confirmed"
        return str(self.answer["status"])

    @property
    def was_silent(self) -> bool:
        """Whether fraud did not answer in time when the order was placed."""
        return self.status == 201 and self.answer["fraud"]["score"] is None

    @property
    def pieces(self) -> dict[str, int]:
        return {item["sku"]: item["quantity"] for item in self.body["items"]}


class Crowd:
    """So many clients that work through the baskets, each customer with a key of their own."""

    def __init__(self, estate: RunningEstate, bodies: Sequence[dict[str, Any]], clients: int = 16) -> None:
        self._estate, self._bodies, self._clients = estate, bodies, clients
        self.outcomes: list[Outcome] = []
        self._answered = threading.Condition()

    def order(self) -> list[Outcome]:
        """Order everything; returns when everybody has a final answer."""
        self.order_while(lambda: None)
        return self.outcomes

    def order_while(self, meanwhile: Callable[[], None]) -> None:
        """Order everything while something else happens in this thread."""
        with ThreadPoolExecutor(self._clients, "client") as clients:
            orders = [clients.submit(self._order, body) for body in self._bodies]
            meanwhile()
            for order in orders:
                order.result()

    def wait_for(self, answers: int) -> None:
        """Wait until so many customers have their answer."""
        with self._answered:
            done = self._answered.wait_for(lambda: len(self.outcomes) >= answers, PATIENCE_S)
            assert done, (
                f"{len(self.outcomes)} of {answers} answers after {PATIENCE_S} s\n{self._estate.output[-4000:]}"
            )

    def _order(self, body: dict[str, Any]) -> None:
        answer = self._ask_until_final(body)
        with self._answered:
            self.outcomes.append(Outcome(body, answer.status_code, answer.json()))
            self._answered.notify_all()

    def _ask_until_final(self, body: dict[str, Any]) -> requests.Response:
        key, until = str(uuid4()), time.monotonic() + PATIENCE_S
        said = "nothing"
        while time.monotonic() < until:
            try:
                answer = send_order(self._estate, body, key)
            except (requests.ConnectionError, requests.Timeout) as error:
                said = type(error).__name__
            else:
                if is_final(answer):
                    return answer
                said = f"{answer.status_code} {answer.text}"
            time.sleep(_PAUSE_S)
        raise AssertionError(f"no final answer after {PATIENCE_S} s, last: {said}\n{self._estate.output[-4000:]}")


def is_final(answer: requests.Response) -> bool:
    """Whether asking again gives the same answer."""
    if answer.status_code >= 500:
        return False
    return answer.status_code != 409 or answer.json()["code"] != "in_progress"
