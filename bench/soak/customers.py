"""What customers and the people on duty do, each insisting with the same key until the answer is final."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

from bench.soak.mix import Customer
from tests.estate import RunningEstate
from tests.journeys.crowd import is_final

PATIENCE_S = 240.0
_PAUSE_S = 0.1
_HANGS_UP_S = (0.002, 0.01, 0.03)
"""After so long a hasty customer hangs up, and asks again."""
GRACE = {"by": "grace", "reason": "soak"}
LOCATION = "newark-us"


class Unanswered(AssertionError):
    """Somebody insisted in vain."""


@dataclass
class Story:
    """What one customer was told: to the order, and to each deed after it (the status of its last answer)."""

    customer: Customer
    answers: list[tuple[int, Any]] = field(default_factory=list)
    deeds: dict[str, int] = field(default_factory=dict)
    failure: str = ""

    @property
    def order_id(self) -> str | None:
        """The order that was placed; None if it was refused."""
        status, said = self.answers[0] if self.answers else (0, None)
        return str(said["order_id"]) if status == 201 else None


class Customers:
    """So many clients that serve the customers in turn."""

    def __init__(self, estate: RunningEstate, who: list[Customer], clients: int = 12) -> None:
        self.estate, self._who, self._clients = estate, who, clients
        self.stories: list[Story] = []
        self.met: Counter[str] = Counter()
        """What clients met: answers that were not final by code, broken connections, hang-ups; requests in all."""
        self._change = threading.Condition()

    def served_while(self, meanwhile: Callable[[], None]) -> list[Story]:
        """Serve everybody while something else happens in this thread."""
        with ThreadPoolExecutor(self._clients, "client") as pool, ThreadPoolExecutor(self._clients, "second") as other:
            served: list[Future[None]] = [pool.submit(self._serve, each, other) for each in self._who]
            try:
                meanwhile()
            except BaseException:
                for each in served:
                    each.cancel()
                raise
            for each in served:
                each.result()
        return self.stories

    def wait_for(self, done: int) -> None:
        """Wait until so many customers have what they wanted."""
        with self._change:
            if not self._change.wait_for(lambda: len(self.stories) >= done, PATIENCE_S):
                raise Unanswered(f"{len(self.stories)} of {done} customers were served\n{self.estate.output[-4000:]}")

    def _serve(self, customer: Customer, other: ThreadPoolExecutor) -> None:
        story = Story(customer)
        try:
            self._order(story, other)
            if story.order_id:
                _AFTERWARDS.get(customer.kind, _nothing)(self, story)
        except Unanswered as error:
            story.failure = f"{customer.kind} {customer.number}: {error}"
        with self._change:
            self.stories.append(story)
            self._change.notify_all()

    def _order(self, story: Story, other: ThreadPoolExecutor) -> None:
        kind = story.customer.kind
        second = other.submit(self._place, story.customer) if kind == "twice at once" else None
        for limit in _HANGS_UP_S if kind == "hasty" else ():
            self._once("POST", "/checkout/orders", story.customer.body, "gke-checkout", story.customer.key, limit)
        story.answers.append(self._place(story.customer))
        if second:
            story.answers.append(second.result())
        if kind == "once more":
            story.answers.append(self._place(story.customer))

    def _place(self, customer: Customer) -> tuple[int, Any]:
        return self.insist("POST", "/checkout/orders", customer.body, "gke-checkout", customer.key)

    def insist(
        self, method: str, path: str, body: Any = None, caller: str = "operator", key: str | None = None
    ) -> tuple[int, Any]:
        """Ask until the answer is final; return its status and JSON."""
        until, said = time.monotonic() + PATIENCE_S, "nothing"
        while time.monotonic() < until:
            answer = self._once(method, path, body, caller, key)
            if isinstance(answer, requests.Response):
                if is_final(answer):
                    return answer.status_code, answer.json()
                said = f"{answer.status_code} {answer.text[:300]}"
            else:
                said = answer
            time.sleep(_PAUSE_S)
        raise Unanswered(f"{method} {path}: no final answer after {PATIENCE_S:.0f} s, last {said}")

    def _once(
        self, method: str, path: str, body: Any, caller: str, key: str | None, timeout_s: float = 60
    ) -> requests.Response | str:
        """Ask once; an answer, or why there is none."""
        with self._change:
            self.met["requests"] += 1
        try:
            answer = self.estate.ask(method, path, body, caller=caller, key=key, timeout_s=timeout_s)
            found = "" if is_final(answer) else f"{answer.status_code} {_code(answer)}"
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            answer, found = type(error).__name__, "hung up" if timeout_s < 1 else "no answer"
        if found:
            with self._change:
                self.met[found] += 1
        return answer

    def wait(self, ask: Callable[[], Any]) -> Any:
        """Ask again and again until there is something."""
        until = time.monotonic() + PATIENCE_S
        while not (found := ask()):
            if time.monotonic() > until:
                raise Unanswered("waited in vain")
            time.sleep(_PAUSE_S)
        return found

    def life(self, story: Story) -> dict[str, Any]:
        """What order management knows, once it knows anything."""

        def ask() -> dict[str, Any] | None:
            status, said = self.insist("GET", f"/order_management/orders/{story.order_id}")
            return said if status == 200 and said["status"] else None

        found: dict[str, Any] = self.wait(ask)
        return found

    def deed(self, story: Story, what: str, **body: Any) -> int:
        """Do something to an order as the person on duty; returns the status of the final answer."""
        path = f"/order_management/orders/{story.order_id}/{what}"
        story.deeds[what.partition("/")[0]] = status = self.insist("POST", path, GRACE | body)[0]
        return status


def _code(answer: requests.Response) -> str:
    return (
        str(answer.json()["code"]) if answer.headers.get("Content-Type") == "application/problem+json" else "no problem"
    )


def _nothing(_: Customers, __: Story) -> None:
    """Wait for the parcel."""


def _approve(clients: Customers, story: Story) -> None:
    clients.wait(lambda: _scored(clients, story))
    clients.deed(story, "approve")


def _reject(clients: Customers, story: Story) -> None:
    clients.wait(lambda: _scored(clients, story))
    clients.deed(story, "reject")


def _scored(clients: Customers, story: Story) -> bool:
    """Whether people may decide: what fraud was silent about is scored first, by itself."""
    seen = clients.life(story)
    return seen["status"] != "held" or seen["fraud"]["score"] is not None


def _cancel(clients: Customers, story: Story) -> None:
    clients.life(story)
    clients.deed(story, "cancel")


def _reduce(clients: Customers, story: Story) -> None:
    clients.life(story)
    first = story.customer.body["items"][0]["sku"]
    clients.deed(story, "cancel", lines=[{"sku": first, "quantity": 1}])


def _return(clients: Customers, story: Story) -> None:
    """Send one piece back once all has arrived, and wait until the money is returned."""
    clients.wait(lambda: clients.life(story)["status"] == "delivered")
    sku = story.customer.body["items"][0]["sku"]
    if clients.deed(story, "returns", lines=[{"sku": sku, "quantity": 1}]) != 200:
        return
    [goods] = clients.life(story)["returns"]
    name = goods["return_id"]
    clients.wait(lambda: clients.deed(story, f"returns/{name}/authorize") == 200)  # refused until it is paid
    came = {"by": "joe", "location": LOCATION, "lines": [{"sku": sku, "quantity": 1, "disposition": "restock"}]}
    clients.wait(lambda: clients.insist("POST", f"/warehouse/returns/{name}/receive", came)[0] == 200)
    clients.wait(lambda: clients.life(story)["returns"][0]["status"] == "refunded")


_AFTERWARDS: dict[str, Callable[[Customers, Story], None]] = {
    "approved": _approve,
    "rejected": _reject,
    "cancelled": _cancel,
    "reduced": _reduce,
    "returned": _return,
}
