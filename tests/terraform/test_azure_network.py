"""The VNet as triggers/networks.yaml has it, the doors in it, and the one way between the clouds."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.manifest import manifest
from tests.terraform.offline.terraform import STACKS
from tests.terraform.planned import Plan, by, outputs, resources

ROWS = manifest().networks
AZURE, SERVERLESS = ROWS.networks["azure"], ROWS.networks["serverless"]
NAMED = {"gateway": "GatewaySubnet"}


@pytest.fixture(scope="module")
def prod(plan: Callable[[str, str], Plan]) -> Plan:
    return plan("azure", "prod")


def allowed(plan: Plan, direction: str) -> set[tuple[Any, ...]]:
    """(subnet, protocol, from, to, port) of everything that is allowed in a direction."""
    return {
        (
            each["network_security_group_name"].rpartition("-network-")[2],
            each["protocol"],
            source,
            target,
            port,
        )
        for each in resources(plan, "azurerm_network_security_rule")
        if each["access"] == "Allow" and each["direction"] == direction
        for source in each["source_address_prefixes"] or [each["source_address_prefix"]]
        for target in each["destination_address_prefixes"] or [each["destination_address_prefix"]]
        for port in each["destination_port_ranges"]
    }


def test_subnets_are_those_of_the_row(prod: Plan) -> None:
    planned = by("name", prod, "azurerm_subnet")

    assert {name: each["address_prefixes"] for name, each in planned.items()} == {
        NAMED.get(name, name.replace("_", "-")): [row.cidr] for name, row in AZURE.subnets.items()
    }
    assert {
        name: each["delegation"][0]["service_delegation"][0]["name"]
        for name, each in planned.items()
        if each["delegation"]
    } == {
        "functions": "Microsoft.App/environments",
        "resolver-inbound": "Microsoft.Network/dnsResolvers",
        "resolver-outbound": "Microsoft.Network/dnsResolvers",
    }


def test_nobody_comes_in_but_fraud_s_callers_its_own_calls_operators_agents_and_cloud_dns(prod: Plan) -> None:
    services = [SERVERLESS.subnets[name].cidr for name in ("egress", "connector")]
    operators = SERVERLESS.subnets["operators"].cidr
    functions, at = AZURE.subnets["functions"].cidr, AZURE.addresses

    assert allowed(prod, "Inbound") == {
        *(("endpoints", "Tcp", each, f"{at['fraud']}/32", "443") for each in (*services, operators)),
        ("endpoints", "Tcp", functions, f"{at['package']}/32", "443"),
        ("endpoints", "Tcp", functions, f"{at['history']}/32", "443"),
        ("endpoints", "Tcp", operators, f"{at['vault']}/32", "443"),
        ("endpoints", "Tcp", AZURE.subnets["agents"].cidr, f"{at['fraud']}/32", "443"),
        ("telemetry", "Tcp", functions, AZURE.subnets["telemetry"].cidr, "443"),
        *(
            ("resolver-inbound", protocol, ROWS.ranges["google_dns"].cidr, f"{at['resolver']}/32", "53")
            for protocol in ("Tcp", "Udp")
        ),
    }


def test_fraud_calls_its_stores_its_telemetry_and_entra_s_keys_and_nothing_else(prod: Plan) -> None:
    functions, at = AZURE.subnets["functions"].cidr, AZURE.addresses

    assert {each for each in allowed(prod, "Outbound") if each[0] != "agents"} == {
        ("functions", "Tcp", functions, f"{at['package']}/32", "443"),
        ("functions", "Tcp", functions, f"{at['history']}/32", "443"),
        ("functions", "Tcp", functions, AZURE.subnets["telemetry"].cidr, "443"),
        ("functions", "Tcp", functions, "AzureActiveDirectory", "443"),
    }


def test_agents_reach_fraud_and_the_internet_and_none_of_its_stores(prod: Plan) -> None:
    agents = AZURE.subnets["agents"].cidr

    assert {each for each in allowed(prod, "Outbound") if each[0] == "agents"} == {
        ("agents", "Tcp", agents, f"{AZURE.addresses['fraud']}/32", "443"),
        ("agents", "Tcp", agents, "Internet", "443"),
    }
    associated = resources(prod, "azurerm_subnet_nat_gateway_association")
    assert {each["address"].split('"')[1] for each in associated} == {"agents", "functions"}


def test_an_alert_looks_at_each_of_googles_interfaces_by_itself(prod: Plan) -> None:
    """Half of Azure's sessions are never up: each interface answers one of its two instances."""
    (alert,) = resources(prod, "azurerm_monitor_metric_alert")
    (criteria,) = alert["criteria"]
    assert ROWS.vpn is not None

    assert criteria["dimension"] == [
        {"name": "BgpPeerAddress", "operator": "Include", "values": [each.google for each in ROWS.vpn.tunnels]}
    ]
    assert (criteria["aggregation"], criteria["operator"]) == ("Average", "LessThan")
    assert 0 < criteria["threshold"] < 0.5


def test_rules_of_fraud_s_door_name_its_callers(prod: Plan) -> None:
    abouts = {
        each["name"]: each["description"]
        for each in resources(prod, "azurerm_network_security_rule")
        if each["name"].startswith("inbound-fraud-from-")
    }

    assert abouts == {
        "inbound-fraud-from-serverless-operators": "Callers of fraud: operator.",
        "inbound-fraud-from-serverless-services": "Callers of fraud: checkout, data_warehouse, order_management.",
    }


def test_every_door_has_its_address_and_the_zone_that_leads_to_it(prod: Plan) -> None:
    planned = {
        each["name"].removeprefix("boutique-prod-"): (
            each["private_service_connection"][0]["subresource_names"],
            [fixed["private_ip_address"] for fixed in each["ip_configuration"]],
        )
        for each in resources(prod, "azurerm_private_endpoint")
    }

    assert planned == {
        "fraud": (["sites"], [AZURE.addresses["fraud"]]),
        "package": (["blob"], [AZURE.addresses["package"]]),
        "history": (["table"], [AZURE.addresses["history"]]),
        "vault": (["vault"], [AZURE.addresses["vault"]]),
        "telemetry": (["azuremonitor"], []),
    }
    zones = {each["name"] for each in resources(prod, "azurerm_private_dns_zone")}
    assert "privatelink.azurewebsites.net" in zones
    assert {each["name"] for each in resources(prod, "azurerm_private_dns_zone_virtual_network_link")} == {
        each["address"].split('"')[1] for each in resources(prod, "azurerm_private_dns_zone")
    }


def test_names_go_both_ways(plan: Callable[[str, str], Plan], terraform: Callable[[str], Any]) -> None:
    asked = {"run": {"domain": "run.app.", "servers": ["10.32.0.2"]}}
    planned = terraform("azure").plan("dev", gcp_dns=asked)
    (inbound,) = resources(planned, "azurerm_private_dns_resolver_inbound_endpoint")
    (rule,) = resources(planned, "azurerm_private_dns_resolver_forwarding_rule")

    assert inbound["ip_configurations"][0]["private_ip_address"] == AZURE.addresses["resolver"]
    assert (rule["domain_name"], rule["target_dns_servers"]) == ("run.app.", [{"ip_address": "10.32.0.2", "port": 53}])
    assert {each for each in allowed(planned, "Outbound") if each[0] == "resolver-outbound"} == {
        ("resolver-outbound", protocol, AZURE.subnets["resolver_outbound"].cidr, "10.32.0.2/32", "53")
        for protocol in ("Tcp", "Udp")
    }
    assert resources(plan("azure", "dev"), "azurerm_private_dns_resolver_forwarding_rule") == []


def test_two_tunnels_with_bgp_end_at_google_s_gateway(prod: Plan) -> None:
    assert ROWS.vpn is not None
    (gateway,) = resources(prod, "azurerm_virtual_network_gateway")
    peers = by("name", prod, "azurerm_local_network_gateway")
    tunnels = by("name", prod, "azurerm_virtual_network_gateway_connection")

    assert (gateway["active_active"], gateway["bgp_enabled"], gateway["vpn_type"]) == (True, True, "RouteBased")
    assert gateway["bgp_settings"][0]["asn"] == ROWS.vpn.azure.asn
    assert [each["apipa_addresses"] for each in gateway["bgp_settings"][0]["peering_addresses"]] == [
        ["169.254.21.2", "169.254.22.6"],
        ["169.254.21.6", "169.254.22.2"],
    ]
    assert {name: (each["gateway_address"], each["bgp_settings"][0]) for name, each in peers.items()} == {
        f"boutique-prod-vpn-peer-{place}": (
            f"203.0.113.3{place}",
            {"asn": ROWS.vpn.google.asn, "bgp_peering_address": tunnel.google, "peer_weight": None},
        )
        for place, tunnel in enumerate(ROWS.vpn.tunnels)
    }
    assert {name: each["custom_bgp_addresses"] for name, each in tunnels.items()} == {
        "boutique-prod-vpn-tunnel-0": [{"primary": "169.254.21.2", "secondary": "169.254.21.6"}],
        "boutique-prod-vpn-tunnel-1": [{"primary": "169.254.22.6", "secondary": "169.254.22.2"}],
    }
    assert {each["ipsec_policy"][0]["ipsec_encryption"] for each in tunnels.values()} == {"GCMAES256"}
    assert {each["connection_protocol"] for each in tunnels.values()} == {"IKEv2"}


def test_without_google_s_gateway_there_is_no_tunnel_yet(terraform: Callable[[str], Any]) -> None:
    planned = terraform("azure").plan("dev", gcp_vpn="null")

    assert resources(planned, "azurerm_virtual_network_gateway_connection") == []
    assert len(resources(planned, "azurerm_public_ip")) == 3


def test_both_stacks_call_fraud_by_one_name(plan: Callable[[str, str], Plan]) -> None:
    for environment in ("dev", "staging", "prod"):
        google = (STACKS / "gcp" / "environments" / f"{environment}.tfvars").read_text("utf-8")

        assert f'"{outputs(plan("azure", environment))["fraud_host"]}"' in google
