"""What one stack puts out is what the other takes, and nothing is handed over that is not whole."""

import re
from pathlib import Path
from typing import Any

import pytest

from deploy.handover import GIVES, TAKES, handed, outputs, path

ROOT = Path(__file__).parents[2]
GOOGLE: dict[str, Any] = {
    "gcp_vpn": {"value": {"addresses": ["203.0.113.10", "203.0.113.11"]}},
    "account_ids": {"value": {"checkout": "100000000000000001001"}},
    "dns": {"value": {"services": {"domain": "dev.boutique.example.com.", "servers": ["10.32.0.2"]}}},
    "images": {"value": "europe-docker.pkg.dev/p/boutique"},
}
AZURE: dict[str, Any] = {
    "azure_vpn": {"value": {"addresses": ["203.0.113.20", "203.0.113.21"]}},
    "azure_entra": {"value": {"tenant_id": "t", "scope": "api://a/.default", "clients": {"checkout": "c"}}},
    "fraud_host": {"value": "online-boutique-dev-fraud.azurewebsites.net"},
}


def declared(kind: str, stack: str) -> set[str]:
    texts = [each.read_text("utf-8") for each in (ROOT / "terraform" / stack).glob("*.tf")]
    return {name for text in texts for name in re.findall(rf'^{kind} "(\w+)"', text, re.MULTILINE)}


@pytest.mark.parametrize("stack", GIVES)
def test_outputs_of_one_are_variables_of_the_other(stack: str) -> None:
    assert set(GIVES[stack].values()) <= declared("output", stack)
    assert set(GIVES[stack]) <= declared("variable", TAKES[stack])


def test_the_other_s_variables_are_made_of_the_outputs() -> None:
    assert outputs("gcp") == ["terraform", "-chdir=terraform/gcp", "output", "-json"]
    assert handed("gcp", GOOGLE) == {
        "gcp_vpn": {"addresses": ["203.0.113.10", "203.0.113.11"]},
        "google_accounts": {"checkout": "100000000000000001001"},
        "gcp_dns": {"services": {"domain": "dev.boutique.example.com.", "servers": ["10.32.0.2"]}},
    }
    assert handed("azure", AZURE) == {name: each["value"] for name, each in AZURE.items()}
    assert path("azure", "dev") == Path("terraform/azure/environments/dev.given.tfvars.json")


@pytest.mark.parametrize(
    ("stack", "told", "lacking"),
    [
        ("gcp", GOOGLE | {"dns": {"value": {"services": {"domain": "d.", "servers": []}}}}, "gcp has no dns yet"),
        ("gcp", {}, "gcp has no gcp_vpn, account_ids, dns yet"),
        ("azure", AZURE | {"azure_entra": {"value": None}}, "azure has no azure_entra yet"),
    ],
)
def test_what_is_not_whole_is_not_handed_over(stack: str, told: dict[str, Any], lacking: str) -> None:
    with pytest.raises(ValueError, match=lacking):
        handed(stack, told)
