"""A customer's order and what is known of it all over the estate."""

from dataclasses import dataclass
from decimal import Decimal
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import requests

from tests.estate import RunningEstate

LATE_SCORE_WITHIN_S = 90.0
"""Orders that fraud was silent about are scored every minute."""


def send_order(estate: RunningEstate, body: Any, key: str | None = None) -> requests.Response:
    """Send an order as the storefront does."""
    return estate.ask("POST", "/checkout/orders", body, caller="gke-checkout", key=key or str(uuid4()))


def place(estate: RunningEstate, body: Any) -> "Purchase":
    """Place an order that is accepted."""
    answer = send_order(estate, body)
    assert answer.status_code == 201, f"{answer.status_code} {answer.text}"
    return Purchase(estate, answer.json())


def refusal(answer: requests.Response) -> tuple[int, str]:
    """Return status and code of a problem."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert (problem["status"], bool(problem["detail"])) == (answer.status_code, True), answer.text
    return answer.status_code, problem["code"]


def amount(money: dict[str, str], currency: str = "USD") -> Decimal:
    """Return an amount of money in the currency that it should be in."""
    assert money["currency"] == currency, money
    return Decimal(money["amount"])


def stock(estate: RunningEstate, sku: str, owner: str = "inventory") -> tuple[int, int]:
    """Return how many pieces are on hand and how many of them are reserved."""
    found = estate.get(f"/{owner}/stock/{sku}")
    assert found["available"] == found["on_hand"] - found["reserved"], found
    for name in ("on_hand", "reserved"):
        assert found[name] == sum(location[name] for location in found["locations"]), found
    return found["on_hand"], found["reserved"]


@dataclass
class Purchase:
    """An order that was answered with 201."""

    estate: RunningEstate
    answer: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.answer["order_id"])

    @property
    def life(self) -> dict[str, Any]:
        """What order management knows."""
        found: dict[str, Any] = self.estate.get(f"/order_management/orders/{self.id}")
        return found

    @property
    def status(self) -> str:
        return str(self.life["status"])

    @property
    def history(self) -> list[str]:
        return [entry["type"] for entry in self.life["history"]]

    @property
    def shipments(self) -> list[dict[str, Any]]:
        return self.estate.items(f"/warehouse/shipments?order_id={self.id}")

    @property
    def invoices(self) -> list[dict[str, Any]]:
        return self.estate.items(f"/accounting/invoices?order_id={self.id}")

    @property
    def entries(self) -> list[dict[str, Any]]:
        return self.estate.items(f"/accounting/entries?order_id={self.id}")

    @property
    def payments(self) -> list[tuple[str, str, str]]:
        """Type, status and amount of what moved, in order."""
        found = self.estate.items(f"/payment/payments?order_id={self.id}")
        return [(each["type"], each["status"], each["amount"]["amount"]) for each in found]

    @property
    def mails(self) -> list[tuple[str, str]]:
        """What the customer was told and whether it was sent."""
        found = self.estate.items(f"/notification/messages?order_id={self.id}")
        return [(each["template"], each["status"]) for each in found]

    def credited(self, account: str) -> Decimal:
        """What its entries credit to an account, in the order's currency."""
        found = [entry["credit"] for entry in self.entries if entry["account"] == account]
        return sum((amount(credit, self.answer["currency"]) for credit in found), Decimal(0))

    def reservation(self, owner: str = "inventory") -> str:
        return str(self.estate.get(f"/{owner}/reservations/{self.id}")["state"])

    def dispatch(self, shipment: dict[str, Any]) -> None:
        self.estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/dispatch")

    def deliver(self, shipment: dict[str, Any]) -> None:
        self.estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/deliver")

    def decide(self, decision: str) -> None:
        """`approve` or `reject` it as a person on duty."""
        decided = {"by": "journey", "reason": "seen"}
        self.estate.post(f"/order_management/orders/{self.id}/{decision}", decided)


def wait_for_late_scores(*orders: Purchase) -> None:
    """Wait until what fraud was silent about, as it is on a busy machine, is scored and what follows is done."""
    until = monotonic() + LATE_SCORE_WITHIN_S
    for order in orders:
        while order.life["fraud"]["score"] is None:
            assert monotonic() < until, order.life
            sleep(0.1)
        order.estate.settle(within_s=60)
