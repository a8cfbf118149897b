"""A customer's way through Vendure's shop API: nine requests an order, by the last of which it is paid."""

import http.client
import json
import time
from typing import Any

from bench import orders
from bench.peers.installation import FILES

_STATEMENTS = {
    text.split()[1].split("(")[0]: f"{text}\n}}"
    for text in (FILES / "checkout.graphql").read_text("utf-8").split("\n}\n")
    if text.strip()
}


class Shop:
    """A customer's way through the shop. Threads share it; each order has a session of its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        found = _Session(port).ask("variants")["products"]["items"]
        self._variants = {each["sku"]: each["id"] for item in found for each in item["variants"]}

    def order(self, number: int) -> tuple[float, float]:
        """Buy three products; returns the seconds that all requests took, and the last alone."""
        wanted = json.loads(orders.body(number))
        to, buyer = wanted["shipping_address"], wanted["customer"]
        session, began = _Session(self._port), time.perf_counter()
        for item in wanted["items"]:
            session.ask("add", variant=self._variants[item["sku"]], quantity=item["quantity"])
        names = {"firstName": buyer["first_name"], "lastName": buyer["last_name"]}
        session.ask("customer", input={"emailAddress": buyer["email"], **names})
        address = {"streetLine1": to["street_address"], "city": to["city"], "province": to["state"]}
        session.ask("address", input={**address, "postalCode": to["zip_code"], "countryCode": to["country"]})
        method = session.ask("methods")["eligibleShippingMethods"][0]["id"]
        session.ask("shipping", id=method)
        session.ask("arrange")
        paying = time.perf_counter()
        paid = session.ask("pay")["addPaymentToOrder"]
        ended = time.perf_counter()
        if paid.get("state") != "PaymentSettled":
            raise RuntimeError(f"Vendure did not take the payment: {paid}")
        session.close()
        return ended - began, ended - paying


class _Session:
    """One customer's connection and token."""

    def __init__(self, port: int) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Content-Type": "application/json"}

    def ask(self, name: str, **variables: Any) -> Any:
        """Send a statement; returns its data. RuntimeError if anything was refused."""
        body = json.dumps({"query": _STATEMENTS[name], "variables": variables})
        self._link.request("POST", "/shop-api", body, self._headers)
        answer = self._link.getresponse()
        found = json.loads(answer.read())
        if token := answer.headers.get("vendure-auth-token"):
            self._headers["Authorization"] = f"Bearer {token}"
        refused = [each for each in (found.get("data") or {}).values() if str(each).find("ErrorResult") >= 0]
        if answer.status != 200 or found.get("errors") or refused:
            raise RuntimeError(f"Vendure refused {name}: {str(found)[:300]}")
        return found["data"]

    def close(self) -> None:
        """Give back the connection."""
        self._link.close()
