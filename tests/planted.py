"""What must never come into a log: made-up people and secrets, and requests that carry them wherever one can."""

import base64
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

PLANTED = {
    "first name": "Zyxwena",
    "last name": "Quuxford-Brodnax",
    "e-mail": "zyxwena.quux@planted.example",
    "street": "99 Quuxford Crescent",
    "telephone": "+31209876543",
    "telephone as written": "020 987 65 43",
    "VAT id": "NL823456789B01",
    "card number": "4929123456781234",
    "card token": "tok_planted_0x5EC2E7",
    "bearer token": "eyJwbGFudGVkIjoidG9rZW4ifQ.cGxhbnRlZA.c2lnbmF0dXJl",
}
EMAIL, CARD, STREET = PLANTED["e-mail"], PLANTED["card number"], PLANTED["street"]
EVERYTHING = " / ".join(PLANTED.values())


class Planted(NamedTuple):
    """A request as a caller sends it, with headers that may say anything."""

    method: str
    path: str
    body: Any = None
    headers: dict[str, str] = {}
    caller: str = "operator"


def found_in(text: str) -> dict[str, str]:
    """Return what of the planted comes up, with the place."""
    hits = {name: text.find(value) for name, value in PLANTED.items()}
    return {name: text[max(0, at - 300) : at + 60] for name, at in hits.items() if at >= 0}


def order(**changes: Any) -> dict[str, Any]:
    """An order by the planted person."""
    customer = {
        "email": EMAIL,
        "first_name": PLANTED["first name"],
        "last_name": PLANTED["last name"],
    }
    where = {"street_address": STREET, "city": "Mountain View", "state": "CA", "country": "US", "zip_code": "94043"}
    whole = {
        "customer": customer,
        "currency": "USD",
        "items": [{"sku": "OLJCESPC7Z", "quantity": 1}],
        "shipping_address": where,
        "payment": {"token": "tok_visa"},
    }
    return whole | changes


def refusals() -> Iterator[Planted]:
    """Requests that are refused, or not, with everything planted in path, query, headers and body."""
    place = ("POST", "/checkout/orders")
    for number, body in enumerate(
        (
            order(),
            order(payment={"token": CARD}),
            order(payment={"token": PLANTED["card token"]}),
            order(customer={"email": STREET, "first_name": EMAIL, "last_name": [CARD]}),
            order(items=[{"sku": EMAIL, "quantity": CARD}]),
            order(**{EMAIL: CARD}),
            order(customer={"email": f"{EMAIL}.deny.test", "first_name": CARD * 40, "last_name": EVERYTHING}),
            [EVERYTHING],
            EVERYTHING,
        )
    ):
        yield Planted(*place, body, {"Idempotency-Key": f"planted-{number}"}, "gke-checkout")
    yield Planted(*place, order(), {"Idempotency-Key": EMAIL}, "gke-checkout")
    yield Planted(*place, order(), {"Idempotency-Key": EVERYTHING.encode().decode("latin-1")}, "gke-checkout")
    yield Planted(*place, order(), {"Authorization": f"Bearer {PLANTED['bearer token']}"})
    yield Planted(*place, order(), {"Authorization": f"Basic {CARD}"})
    yield Planted(*place, order(), {"Content-Type": EMAIL}, "gke-checkout")
    yield Planted("POST", "/checkout/quotes", order(), {}, "gke-checkout")
    for header in ("traceparent", "Accept", "User-Agent", "X-Forwarded-For", "X-Cloud-Trace-Context", "Referer"):
        yield Planted("GET", f"/crm/customers?email={EMAIL}", None, {header: EVERYTHING})
    for service in ("crm", "checkout", "-", "v1", EMAIL):
        yield Planted("GET", f"/{service}/{EMAIL}")
        yield Planted("DELETE", f"/{service}/customers/{CARD}/{PLANTED['telephone']}")
    yield Planted("GET", f"/crm/customers/{EMAIL}?{EMAIL}={CARD}")
    yield Planted("PUT", f"/crm/customers/{CARD}/billing-profile", {"vat_id": PLANTED["VAT id"], "by": EMAIL})
    yield Planted("POST", "/crm/customers/resolve", {"email": EMAIL, "phone": PLANTED["telephone as written"]})
    yield Planted("POST", f"/crm/schedules/{EMAIL}", {"now": EMAIL})
    yield Planted("POST", "/payment/schedules/relay_outbox", {"now": CARD})


def deliveries() -> Iterator[Planted]:
    """Pushes that end as dead letters, or nowhere."""
    for data in ({"email": EMAIL, "customer": order()["customer"]}, {"order_id": EMAIL, EMAIL: CARD}, EVERYTHING):
        event = {
            "specversion": "1.0",
            "id": f"evt_{EMAIL}",
            "type": "order.confirmed",
            "source": "/checkout",
            "subject": EMAIL,
            "time": "2026-11-20T08:00:00Z",
            "dataschema": EVERYTHING,
            "data": data,
        }
        for raw in (json.dumps(event), json.dumps(data), f"not JSON: {EVERYTHING}"):
            for path, subscription in (
                ("/accounting/events/draft_invoice", "accounting.draft_invoice.order-events"),
                (f"/accounting/events/{EMAIL}", EMAIL),
            ):
                message = {
                    "data": base64.b64encode(raw.encode()).decode(),
                    "attributes": {"ce-type": "order.confirmed", "ce-id": EMAIL, "ce-subject": CARD},
                    "messageId": EMAIL,
                }
                body = {"message": message, "subscription": subscription, "deliveryAttempt": 9}
                yield Planted("POST", path, body, {}, "push")
