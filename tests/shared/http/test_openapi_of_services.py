"""What the real services answer, in a day with every kind of order, is what their documents say."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from shared.calls.transport import Wsgi
from shared.manifest import manifest
from tests.in_process import HOME, InProcess, basket
from tests.shared.http.estate import Answered, assert_documented, operation_of

DOCUMENTS = Path(__file__).parents[3] / "docs" / "openapi"
SOFA = "FURN-001"


class Recorded(InProcess):
    """Keeps every answer of every service: to tests, to each other, to the broker and to the scheduler."""

    answers: list[tuple[str, str, str, Answered]]

    def _watched(self, name: str, app: Wsgi) -> Wsgi:
        watched = super()._watched(name, app)

        def call(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            told: dict[str, Any] = {}

            def note(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
                told.update(status=int(status[:3]), headers=dict(headers))
                start_response(status, headers)

            body = b"".join(watched(environ, note))
            self.answers.append((name, environ["REQUEST_METHOD"], environ["PATH_INFO"], Answered(body=body, **told)))
            return [body]

        return call


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[str, str, str, Answered]]]:
    """Every answer of that day."""
    estate = Recorded.__new__(Recorded)
    estate.answers = []
    estate.__init__(tmp_path_factory.mktemp("day"))  # type: ignore[misc]
    estate.own_warehouse()
    live_a_day(estate)
    yield estate.answers
    estate.close()


def live_a_day(estate: InProcess) -> None:
    placed = [place(estate, number, body) for number, body in enumerate(bodies())]
    by_email = {body["customer"]["email"]: order for body, order in zip(bodies(), placed, strict=True)}
    estate.deliver()
    secure = by_email["secure@example.com"]["order_id"]
    estate.post(f"/checkout/orders/{secure}/confirm", caller="gke-checkout")
    decide = {"by": "operator", "reason": "looked at"}
    estate.post(f"/order_management/orders/{by_email['a@review.test']['order_id']}/approve", decide)
    estate.post(f"/order_management/orders/{by_email['b@review.test']['order_id']}/reject", decide)
    estate.deliver()
    dispatch_all(estate)
    estate.sweep()
    estate.deliver()
    look_around(estate, by_email["ada@example.com"]["order_id"])
    for path in sorted(Path(__file__).parent.glob("*_day.py")):  # what is asked of one service: `live(estate)`
        import_module(f"tests.shared.http.{path.stem}").live(estate)


def bodies() -> list[dict[str, Any]]:
    def by(email: str, token: str = "tok_visa", **changes: Any) -> dict[str, Any]:
        customer = {"email": email, "first_name": "Ada", "last_name": "Lovelace"}
        return basket(customer=customer, payment={"token": token}, **changes)

    return [
        by("ada@example.com"),
        by("sofa@example.com", items=[{"sku": SOFA, "quantity": 1}]),
        by("secure@example.com", "tok_3ds"),
        by("a@review.test"),
        by("b@review.test"),
        by("c@deny.test"),
        by("d@example.com", "tok_declined"),
        by("e@example.com", "tok_processing_error"),
        by("f@example.com", "tok_timeout"),
        by("blocked@example.com"),
        by("g@example.com", items=[{"sku": "NO-SUCH-SKU", "quantity": 1}]),
        by("h@example.com", items=[{"sku": "OLJCESPC7Z", "quantity": 900_000}]),
        by("i@example.com", currency="XAF"),
        by("j@example.com", expected_total={"currency": "USD", "amount": "1.00"}),
        by("no address"),
        by("k@example.com", colour="red"),
        by("l@example.com", "4111111111111111"),
    ]


def place(estate: InProcess, number: int, body: dict[str, Any]) -> Any:
    estate.post("/checkout/quotes", {name: value for name, value in body.items() if name != "payment"}, "gke-checkout")
    _, answer = estate.place(body, f"key-{number}")
    assert estate.place(body, f"key-{number}")[1].get("order_id") == answer.get("order_id")
    return answer


def dispatch_all(estate: InProcess) -> None:
    for step in ("dispatch", "deliver", "dispatch"):
        for shipment in estate.get("/warehouse/shipments")["items"]:
            estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/{step}")
            estate.deliver()


def look_around(estate: InProcess, order_id: str) -> None:
    """Read whatever there is to read, and do by hand what nobody has done."""
    [shipment] = estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]
    customer = estate.get("/crm/customers?email=ada@example.com")["items"][0]["customer_id"]
    for path in (
        f"/checkout/orders/{order_id}",
        f"/order_management/orders/{order_id}",
        "/order_management/orders",
        f"/warehouse/shipments/{shipment['shipment_id']}",
        f"/accounting/invoices?order_id={order_id}",
        f"/accounting/entries?order_id={order_id}",
        "/accounting/trial-balance",
        f"/payment/payments?order_id={order_id}",
        f"/payment/authorizations/{order_id}",
        f"/crm/customers/{customer}",
        f"/crm/customers/{customer}/billing-profile",
        "/inventory/stock/OLJCESPC7Z",
        f"/inventory/reservations/{order_id}",
        f"/furniture/stock/{SOFA}",
        "/furniture/slots?zip_code=94043&country=US",
        f"/notification/messages?order_id={order_id}",
        "/pricing/products",
        "/pricing/price-lists",
        "/pricing/tax-tables",
        "/pricing/exchange-rates",
        "/data_warehouse/reports",
        "/data_warehouse/reports/reconciliation",
    ):
        estate.ask("operator", "GET", path)
    for report in estate.get("/data_warehouse/reports")["items"]:
        estate.ask("operator", "GET", f"/data_warehouse/reports/{report['name']}")
        estate.ask("operator", "GET", f"/data_warehouse/reports/{report['name']}", Accept="text/csv")
    for service in estate.estate.services:
        prefix = "api/" if service == "fraud" else ""
        for path in ("health", "openapi.json", "outstanding", "control-totals", "nothing"):
            estate.ask("operator", "GET", f"/{service}/{prefix}{path}")
        if service != "fraud":
            estate.run(service, "purge_expired")
    estate.ask("checkout", "GET", f"/furniture/reservations/{order_id}")
    lines = [{"sku": SOFA, "quantity": 1}]
    where = {name: HOME[name] for name in ("country", "state", "zip_code")}
    freight = {"lines": lines, "destination": where, "service_level": "kerbside"}
    estate.post("/furniture/freight-quotes", freight, "checkout")
    cost = {"currency": "USD", "amount": "1.00"}
    for service, sku, location in (("inventory", "OLJCESPC7Z", "X"), ("furniture", SOFA, "X")):
        locations = estate.get(f"/{service}/stock/{sku}")["locations"]
        receipt = {"sku": sku, "location": locations[0]["location"], "quantity": 1, "unit_cost": cost}
        estate.post(f"/{service}/receipts", receipt)
        estate.post(f"/{service}/receipts", {**receipt, "location": location})
    decided = {"by": "operator", "reason": "never came"}
    estate.post("/warehouse/orders/ord_unknown/stop", decided, "order_management")
    estate.post("/furniture/reservations/ord_unknown/release", {"reason": "never came"}, "checkout")
    estate.ask("operator", "GET", "/furniture/reservations/ord_nothing")


@cache
def document(service: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DOCUMENTS / f"{service}.json").read_text("utf-8"))
    return found


def test_every_answer_is_documented(answers: list[tuple[str, str, str, Answered]]) -> None:
    assert {service for service, *_ in answers} == manifest().services.keys()
    for service, method, path, answered in answers:
        try:
            assert_documented(document(service), method, path, answered)
        except Exception as error:
            error.add_note(f"{service}: {method} {path} {answered.status} {answered.body[:500]!r}")
            raise


def test_nothing_was_a_defect(answers: list[tuple[str, str, str, Answered]]) -> None:
    assert [each for each in answers if each[3].status == 500] == []


def test_every_route_was_answered_with_success(answers: list[tuple[str, str, str, Answered]]) -> None:
    succeeded = {
        operation["operationId"]
        for service, method, path, answered in answers
        if answered.status < 300 and (operation := operation_of(document(service), method, path))
    }
    all_routes = {
        operation["operationId"]
        for service in manifest().services
        for methods in document(service)["paths"].values()
        for operation in methods.values()
        if "routes" in operation["tags"]
    }

    assert all_routes - succeeded == set()
