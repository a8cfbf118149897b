"""Azure's stack keeps its rules in every environment, and each rule bites."""

from collections.abc import Callable

import pytest

from tests.terraform.azure_rules import (
    RULES,
    doors_without_tokens,
    keys_that_open,
    open_rules,
    public_doors,
    unguarded_subnets,
)
from tests.terraform.offline.terraform import Refused, Terraform
from tests.terraform.planned import Plan, resources

Rule = Callable[[Plan], list[str]]
Spoilt = Callable[[str, str, str, str], Terraform]
APP, STORE, NETWORK = (f"modules/azure_{each}/main.tf" for each in ("function_app", "storage", "network"))


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_nothing_breaks_a_rule(plan: Callable[[str, str], Plan], rule: Rule, environment: str) -> None:
    assert rule(plan("azure", environment)) == []


@pytest.mark.parametrize(
    ("rule", "file", "before", "after", "broken"),
    [
        (
            public_doors,
            APP,
            "public_network_access_enabled                  = false",
            "public_network_access_enabled                  = true",
            ["module.fraud.azurerm_function_app_flex_consumption.this"],
        ),
        (
            public_doors,
            "azure/doors.tf",
            'module "names" {',
            'resource "azurerm_public_ip" "fraud" {\n  name                = "fraud"\n'
            "  resource_group_name = local.place.resource_group\n  location            = var.location\n"
            '  allocation_method   = "Static"\n}\n\nmodule "names" {',
            ["azurerm_public_ip.fraud"],
        ),
        (
            open_rules,
            NETWORK,
            "source_address_prefix        = length(each.value.from) == 1 ? one(each.value.from) : null",
            'source_address_prefix        = "*"',
            14,
        ),
        (unguarded_subnets, NETWORK, "priority                    = 4096", "priority                    = 4095", 6),
        (keys_that_open, STORE, "shared_access_key_enabled         = false", "shared_access_key_enabled = true", 2),
        (
            doors_without_tokens,
            APP,
            'unauthenticated_action = "Return401"',
            'unauthenticated_action = "AllowAnonymous"',
            ["module.fraud.azurerm_function_app_flex_consumption.this"],
        ),
    ],
)
def test_a_rule_bites(spoilt: Spoilt, rule: Rule, file: str, before: str, after: str, broken: list[str] | int) -> None:
    found = sorted(rule(spoilt("azure", file, before, after).plan("dev")))

    assert (found if isinstance(broken, list) else len(found)) == broken


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        (APP, "https_only ", "only_https ", "Unsupported argument"),
        (APP, '  runtime_name           = "python"\n', "", 'The argument "runtime_name" is required'),
        (STORE, '  account_tier                      = "Standard"\n', "", 'The argument "account_tier" is required'),
        (STORE, "      days = 30\n    }\n  }\n\n", '      days = "thirty"\n    }\n  }\n\n', "a number is required"),
        ("azure/vpn.tf", 'module.network.subnets["GatewaySubnet"]', "module.network.subnet", "Unsupported attribute"),
        ("azure/doors.tf", "module.fraud.id", "module.frod.id", "Reference to undeclared module"),
        ("azure/fraud.tf", "  callers         = local.callers\n", "", 'The argument "callers" is required'),
        ("azure/network.tf", "delegated = lookup(local.delegated, name, null)", 'delegate = "x"', None),
    ],
)
def test_a_slip_is_caught(spoilt: Spoilt, file: str, before: str, after: str, said: str | None) -> None:
    broken = spoilt("azure", file, before, after)

    if said is None:  # an object takes further attributes: a delegation that is missing is seen in the plan
        assert [each for each in resources(broken.plan("dev"), "azurerm_subnet") if each["delegation"]] == []
        return
    with pytest.raises(Refused, match=said):
        broken.plan("dev")
