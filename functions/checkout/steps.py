"""The saga's steps.

What checkout asks of other services, by keys that derive from order and step; and how each is undone.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from functions.checkout.basket import PlaceOrder, QuoteOrder
from functions.checkout.views import (
    AnyView,
    AuthorizationView,
    CardView,
    CustomersView,
    CustomerView,
    FraudDecisionView,
    FreightView,
    PickedView,
    PriceView,
    ProductsView,
    ReservationView,
)
from shared.calls import Calls
from shared.errors import CallFailed, Invalid, UnknownSku
from shared.events.priced_order import FraudDecision, FraudInputs, FraudReason
from shared.values.clock import rfc3339
from shared.values.money import Money

FRAUD_DEADLINE_S = 0.8
SILENT = FraudDecision(decision="review", score=None, reasons=(FraudReason(code="fraud_silent", points=0),))
"""What holds when fraud does not answer in time: hold for review (PROMISES 11)."""
ShipFrom = dict[str, list[str]]
"""Warehouses by SKU."""
STOCK_OWNERS: dict[str, str] = {"parcel": "inventory", "freight": "furniture"}


def resolve_customer(call: Calls, request: PlaceOrder) -> CustomerView:
    """Find or create the customer."""
    address = request.billing_address or request.shipping_address
    body = request.customer.model_dump(mode="json", exclude_none=True) | {
        "address": address.model_dump(mode="json", exclude_none=True)
    }
    with _fields_as_sent():
        return call.post("crm", "/customers/resolve", body, CustomerView)


def known_tier(call: Calls, request: QuoteOrder) -> str:
    """Return the tier of a customer who is known by e-mail, bronze otherwise; creates nothing."""
    found = call.get("crm", "/customers", CustomersView, email=request.customer.email).items
    return found[0].loyalty.tier if found else "bronze"


def fulfilments(call: Calls, request: QuoteOrder) -> dict[str, str]:
    """Return how each SKU is fulfilled; UnknownSku."""
    found = call.post("pricing", "/products/lookup", {"skus": list(request.quantities)}, ProductsView).items
    kinds = {product.sku: product.fulfilment for product in found}
    unknown = [sku for sku in request.quantities if sku not in kinds]
    if unknown:
        raise UnknownSku(f"unknown: {', '.join(unknown)}", skus=unknown)
    return dict(kinds)


def look_up_card(call: Calls, request: PlaceOrder) -> CardView:
    """Ask payment for the token's fingerprint; no money moves."""
    return call.post(
        "payment", "/cards/lookup", {"token": request.payment.token, "email": request.customer.email}, CardView
    )


def _lines(request: QuoteOrder, kinds: dict[str, str], kind: str) -> list[dict[str, Any]]:
    return [{"sku": sku, "quantity": count} for sku, count in request.quantities.items() if kinds[sku] == kind]


def _destination(request: QuoteOrder) -> dict[str, Any]:
    address = request.shipping_address
    known = {"country": address.country, "state": address.state, "zip_code": address.zip_code}
    return {name: value for name, value in known.items() if value is not None}


def reservation_tasks(
    call: Calls, order_id: str, request: PlaceOrder, kinds: dict[str, str]
) -> list[Callable[[], ReservationView]]:
    """Return the calls that hold the stock, and the slot for freight."""
    wish = request.delivery.model_dump(exclude_none=True) if request.delivery else {}
    tasks: list[Callable[[], ReservationView]] = []
    for kind, owner in STOCK_OWNERS.items():
        lines = _lines(request, kinds, kind)
        if lines:
            body = {"order_id": order_id, "lines": lines, "destination": _destination(request)}
            whole = body | (wish if kind == "freight" else {})
            tasks.append(partial(_reserve, call, owner, whole))
    return tasks


def _reserve(call: Calls, owner: str, body: dict[str, Any]) -> ReservationView:
    with _fields_as_sent():
        return call.post(owner, "/reservations", body, ReservationView)


@contextmanager
def _fields_as_sent() -> Iterator[None]:
    """Name what another service found wrong by the field that the customer sent."""
    try:
        yield
    except Invalid as error:
        raise Invalid(*((_sent(each["field"]), each["message"]) for each in error.extra["errors"])) from None


def _sent(field: str) -> str:
    for asked, sent in _SENT_AS.items():
        if field == asked or field.startswith(f"{asked}."):
            return sent + field.removeprefix(asked)
    return field


_SENT_AS = {
    "service_level": "delivery.service_level",
    "slot_id": "delivery.slot_id",
    "destination": "shipping_address",
    "zip_code": "shipping_address.zip_code",
    "address": "billing_address",
    "lines": "items",
    "vat_id": "customer.vat_id",
    "email": "customer.email",
}
"""Field of a step's request -> field of the order that it was made from."""


def quote_freight(call: Calls, request: QuoteOrder, kinds: dict[str, str]) -> Money | None:
    """Ask what the freight would cost; None without freight."""
    lines = _lines(request, kinds, "freight")
    if not lines:
        return None
    level = request.delivery.service_level if request.delivery else "kerbside"
    body = {"lines": lines, "destination": _destination(request), "service_level": level}
    with _fields_as_sent():
        return call.post("furniture", "/freight-quotes", body, FreightView).net


def price(
    call: Calls, request: QuoteOrder, tier: str, freight: Money | None, at: datetime, ship_from: ShipFrom
) -> PriceView:
    """Price the basket as of `at`, so that a resumed saga finds the same price; `ship_from` is empty for a quote."""
    body = {
        "currency": request.currency,
        "tier": tier,
        "lines": [{"sku": sku, "quantity": count} for sku, count in request.quantities.items()],
        "shipping_address": request.shipping_address.model_dump(mode="json", exclude_none=True),
        "ship_from": ship_from,
        "at": rfc3339(at),
        **({"vat_id": request.customer.vat_id} if request.customer.vat_id else {}),
        **({"freight": freight.as_json()} if freight else {}),
    }
    with _fields_as_sent():
        return call.post("pricing", "/prices", body, PriceView)


def locations(reservations: Sequence[PickedView]) -> ShipFrom:
    """Return from which warehouses each reserved SKU is taken, the preferred one first."""
    return {line.sku: [pick.location for pick in line.picks] for each in reservations for line in each.lines}


def score(call: Calls, inputs: FraudInputs) -> FraudDecision:
    """Ask fraud before money moves; silence past the deadline is a decision of its own."""
    try:
        return call.post("fraud", "/api/score", inputs, FraudDecisionView, deadline_s=FRAUD_DEADLINE_S).decided()
    except CallFailed:
        return SILENT


def authorize(call: Calls, order_id: str, request: PlaceOrder, amount: Money) -> AuthorizationView:
    """Hold the money; PaymentDeclined, PaymentUnavailable, or InProgress while the outcome is unknown."""
    body = {
        "order_id": order_id,
        "token": request.payment.token,
        "email": request.customer.email,
        "amount": amount.as_json(),
    }
    return call.post("payment", "/authorizations", body, AuthorizationView)


def confirm_authorization(call: Calls, order_id: str) -> AuthorizationView:
    """Finish what the customer authenticated."""
    return call.post("payment", f"/authorizations/{order_id}/confirm", {}, AuthorizationView)


def make_firm(call: Calls, order_id: str, owners: set[str]) -> None:
    """Keep the stock without limit; ReservationExpired if it was held too long."""
    for owner in sorted(owners):
        call.post(owner, f"/reservations/{order_id}/firm", {}, AnyView)


def undo(call: Calls, order_id: str, begun: set[str], why: str) -> None:
    """Undo steps by their keys; a step that never arrived leaves a tombstone and is refused if it comes late."""
    if "payment" in begun:
        call.post("payment", f"/authorizations/{order_id}/void", {"reason": why}, AnyView)
    for owner in sorted(begun - {"payment"}):
        call.post(owner, f"/reservations/{order_id}/release", {"reason": why}, AnyView)
