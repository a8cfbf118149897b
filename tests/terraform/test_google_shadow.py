"""Shadow mode's addresses are settings of the old checkout's drop-in, and of no other service."""

from collections.abc import Callable

from shared.settings import read_settings
from tests.terraform.offline.copies import GIVEN
from tests.terraform.offline.terraform import Terraform
from tests.terraform.planned import Plan, resources

OLD = {"kyc": "http://old-kyc", "order_management": "http://10.8.0.3:8080"}


def told(plan: Plan) -> dict[str, dict[str, str]]:
    """Settings of shadow mode by service; in the second region it has a name of its own."""
    found: dict[str, dict[str, str]] = {}
    for service in resources(plan, "google_cloud_run_v2_service"):
        variables = service["template"][0]["containers"][0]["env"]
        shadow = {each["name"]: each["value"] for each in variables if each["name"].startswith("BOUTIQUE_SHADOW_")}
        found[service["name"]] = found.get(service["name"], {}) | shadow
    return {name: shadow for name, shadow in found.items() if shadow}


def test_the_addresses_are_settings_of_this_service_alone(terraform: Callable[[str], Terraform]) -> None:
    found = told(terraform("gcp").plan("prod", **{**GIVEN["gcp"], "shadow": OLD}))

    assert set(found) == {"legacy-checkout", "legacy-checkout-standby"}
    assert all(read_settings(variables).shadow == OLD for variables in found.values())


def test_without_addresses_there_is_no_shadow_mode(plan: Callable[[str, str], Plan]) -> None:
    assert told(plan("gcp", "prod")) == {}
