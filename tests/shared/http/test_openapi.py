"""OpenAPI 3.1 of every service: valid, and pinning every answer. The other tests here hold real answers against it."""

import json
import subprocess
import sys
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.http.capability import load
from shared.http.openapi import document
from shared.manifest import manifest, service_row
from tests.shared.http.estate import Client

SERVICES = sorted(manifest().services)


def written(service: str) -> dict[str, Any]:
    row = service_row(service)
    found: dict[str, Any] = json.loads(json.dumps(document(row, lambda name: load(service, name, row.functions[name]))))
    return found


def codes(found: dict[str, Any], operation: dict[str, Any], status: int) -> list[str]:
    reference = operation["responses"][str(status)]["$ref"]
    response = found["components"]["responses"][reference.rpartition("/")[2]]
    _, told = response["content"]["application/problem+json"]["schema"]["allOf"]
    assert told["properties"]["status"] == {"const": status}
    listed: list[str] = told["properties"]["code"]["enum"]
    return listed


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_is_valid(service: str) -> None:
    assert list(OpenAPIV31SpecValidator(written(service)).iter_errors()) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_is_an_operation_of_its_own(service: str) -> None:
    row, found = service_row(service), written(service)
    operations = {
        each["operationId"]: (method.upper(), path)
        for path, methods in found["paths"].items()
        for method, each in methods.items()
    }

    for name, function in row.functions.items():
        method, path = operations.pop(f"{service}.{name}")
        if function.trigger == "http":
            assert f"{method} {path}" == function.http
        else:
            assert (method, path) == ("POST", f"/{function.trigger}s/{name}")
        if function.event:
            assert operations.pop(f"{service}.dry_run.{name}") == ("POST", f"/dry-run/{name}")
    own = {"health", "openapi", "outstanding"}
    housekeeping = {"relay_outbox", "purge_expired"} if row.runs_on == "cloud_run" else set()
    assert operations.keys() == {f"{service}.{name}" for name in own | housekeeping}


def test_a_required_key_is_in_the_document() -> None:
    found = written("checkout")
    operation = found["paths"]["/orders"]["post"]

    [key] = [each for each in operation["parameters"] if each["in"] == "header"]
    assert (key["name"], key["required"]) == ("Idempotency-Key", True)
    assert operation["responses"]["201"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/PlacedOrder"
    }
    assert codes(found, operation, 400) == ["bad_request", "idempotency_key_missing"]
    assert codes(found, operation, 402) == ["payment_declined", "payment_refused"]
    assert codes(found, operation, 403) == ["customer_blocked", "forbidden"]
    assert {"in_progress", "out_of_stock", "price_changed", "reservation_expired"} <= set(codes(found, operation, 409))
    assert codes(found, operation, 413) == ["too_large"]
    assert {"idempotency_key_reused", "invalid", "unknown_sku"} <= set(codes(found, operation, 422))
    assert "payment_unavailable" in codes(found, operation, 503)
    assert operation["x-callers"] == ["gke-checkout", "operator"]
    assert operation["x-idempotency"] == "required"


def test_a_read_needs_no_key_and_refuses_nothing_but_currencies() -> None:
    found = written("inventory")
    operation = found["paths"]["/stock/{sku}"]["get"]

    assert operation["parameters"] == [
        {
            "name": "sku",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": "^[A-Z0-9][A-Z0-9-]{1,31}$"},
        }
    ]
    assert sorted(operation["responses"]) == ["200", "400", "401", "403", "404", "409", "422", "500", "503"]
    assert codes(found, operation, 400) == ["bad_request"]
    assert codes(found, operation, 409) == ["in_progress"]
    assert codes(found, operation, 422) == ["currency_not_accepted", "invalid"]
    assert "requestBody" not in operation


def test_only_health_and_the_document_need_no_token() -> None:
    open_to_all = {
        path
        for path, methods in written("crm")["paths"].items()
        for each in methods.values()
        if each.get("security") == []
    }

    assert open_to_all == {"/health", "/openapi.json"}
    assert written("crm")["security"] == [{"identity": []}]


def test_azure_serves_all_below_its_prefix() -> None:
    assert all(path.startswith("/api/") for path in written("fraud")["paths"])


def test_money_is_written_once_and_referred_to() -> None:
    found = written("pricing")
    text = json.dumps(found)

    assert text.count('"title": "Money"') == 1
    assert text.count('{"$ref": "#/components/schemas/Money"}') > 5


def test_a_report_is_json_or_csv() -> None:
    operation = written("data_warehouse")["paths"]["/reports/{name}"]["get"]

    assert sorted(operation["responses"]["200"]["content"]) == ["application/json", "text/csv"]


def test_a_default_may_be_left_out_of_a_body_and_is_always_in_an_answer(client: Client) -> None:
    assert client.document is not None
    schemas = client.document["components"]["schemas"]

    assert schemas["BakeLoaf"]["required"] == ["sku", "price"]
    assert schemas["BakeLoaf"]["additionalProperties"] is False
    assert sorted(schemas["Shelf"]["required"]) == ["items", "next_cursor"]
    assert schemas["Baked"]["properties"]["at"] == {"type": "string", "format": "date-time"}


def test_the_text_is_the_same_in_every_process() -> None:
    program = (
        "from shared.hosts.local.docs import openapi_page; import hashlib;"
        "print(hashlib.sha256(openapi_page('checkout').encode()).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }

    assert len(hashes) == 1
