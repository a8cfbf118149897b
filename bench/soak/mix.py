"""Who comes to a soak: customers by kind, each with a basket and a key of their own, the same for the same seed."""

import json
import random
from dataclasses import dataclass
from typing import Any

from bench import orders

KINDS = {
    "plain": 36,
    "furniture": 10,
    "twice at once": 8,
    "once more": 6,
    "hasty": 6,
    "approved": 6,
    "rejected": 5,
    "declined": 5,
    "denied": 1,
    "out of stock": 2,
    "unsure gateway": 4,
    "cancelled": 6,
    "reduced": 2,
    "returned": 3,
}
"""Of a hundred customers. `hasty` ones hang up and ask again; `unsure gateway`: the card's outcome is unknown first."""
FURNITURE = ("FURN-001", "FURN-002", "FURN-004", "FURN-005", "FURN-006")
_DOMAINS = {"approved": "review.test", "rejected": "review.test", "denied": "deny.test"}
_TOKENS = {"declined": "tok_declined", "unsure gateway": "tok_timeout"}


@dataclass(frozen=True)
class Customer:
    """One customer, and the one order that they want."""

    number: int
    kind: str
    body: dict[str, Any]
    key: str


def customers(count: int, seed: int) -> list[Customer]:
    """Return `count` customers in the order in which they come; every kind comes by its share, in any order."""
    drawn = random.Random(f"mix {seed}")
    deck: list[str] = []
    while len(deck) < count:
        hand = [kind for kind, share in KINDS.items() for _ in range(share)]
        drawn.shuffle(hand)
        deck += hand
    return [_customer(number, kind, seed) for number, kind in enumerate(deck[:count])]


def _customer(number: int, kind: str, seed: int) -> Customer:
    body = json.loads(orders.body(number))
    domain = _DOMAINS.get(kind, "soak.example")
    body["customer"]["email"] = f"soak{seed}.{number}@{domain}"
    body["payment"]["token"] = _TOKENS.get(kind, "tok_visa")
    if kind == "furniture":
        body["items"] = [*body["items"][:1], {"sku": FURNITURE[number % len(FURNITURE)], "quantity": 1}]
    if kind == "out of stock":
        body["items"] = [{"sku": orders.SKUS[number % len(orders.SKUS)], "quantity": 1000}] * 4
    return Customer(number, kind, body, f"soak-{seed}-{number}")
