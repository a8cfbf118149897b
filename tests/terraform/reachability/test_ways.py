"""Everyone whom the map names has a way, and nobody else: routes, firewalls, names, IAM and Entra of both plans."""

import pytest

from tests.terraform.reachability.assertions import IN_PROD, broken
from tests.terraform.reachability.doors import ATTACHMENT, BALANCER, ENDPOINT, FRONT
from tests.terraform.reachability.estate import POD, UNLISTED, Estate
from tests.terraform.reachability.findings import RULES
from tests.terraform.reachability.ways import INTERNET


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_ways_are_those_of_the_map(estate: Estate, rule) -> None:
    assert list(rule(estate)) == []


@pytest.mark.parametrize("rule", IN_PROD, ids=lambda rule: rule.__name__)
def test_what_must_hold_of_every_resource_holds(estate: Estate, rule) -> None:
    assert list(rule(estate.plan)) == []
    assert [each for each in broken(estate.plan) if each.startswith(f"{rule.__name__}:")] == []


def test_the_flows_that_are_allowed_are_the_edges(estate: Estate) -> None:
    by_network = {name for name, row in estate.rows.services.items() if row.admits == "network"}
    allowed = {(flow.caller, flow.service) for flow in estate.flows if flow.allowed}

    assert {edge for edge in allowed if edge[1] not in by_network} == {
        edge for edge in estate.edges if edge[1] not in by_network
    }
    assert {edge for edge in estate.edges if edge[1] in by_network} <= allowed, "others in its network get there too"
    assert len(estate.flows) > 150


def test_accounting_reaches_crm_privately(estate: Estate) -> None:
    flow = estate.flow("accounting", "crm")

    assert [(door.kind, str(door.address)) for door in flow.private] == [(BALANCER, "10.40.0.10")]
    assert flow.allowed


def test_warehouse_reaches_inventory_by_its_own_networks_endpoint_alone(estate: Estate) -> None:
    flow = estate.flow("warehouse", "inventory")

    assert [(door.kind, str(door.address)) for door in flow.private] == [(ATTACHMENT, "10.32.16.10")]
    assert {(door.kind, str(door.address)) for door, _ in flow.shut} == {
        (ATTACHMENT, "10.16.16.10"),
        (BALANCER, "10.41.0.10"),
    }


def test_inventory_reaches_nobody(estate: Estate) -> None:
    for service in ("crm", "furniture", "checkout", "fraud"):
        flow = estate.flow("inventory", service)

        assert not flow.allowed
        assert flow.private == ()


def test_only_who_calls_crm_gets_to_its_balancer(estate: Estate) -> None:
    arriving = {flow.caller for flow in estate.flows if flow.service == "crm" and flow.private}

    assert arriving == {caller for caller, service in estate.edges if service == "crm"} | {POD}
    assert estate.flow(POD, "crm").refused == "it has no account that IAM knows"
    assert estate.flow(UNLISTED, "crm").private == ()


def test_azure_is_reached_from_the_serverless_network_by_the_tunnel_alone(estate: Estate) -> None:
    assert [door.kind for door in estate.flow("checkout", "fraud").open] == [ENDPOINT]

    refused = estate.flow("gke-checkout", "fraud").shut[0][1]
    assert "gke has no route to Azure" in refused


def test_fraud_calls_nobody_on_googles_side(estate: Estate) -> None:
    for service in estate.services:
        if service != "fraud":
            assert estate.flow("fraud", service).open == ()


def test_the_internet_gets_to_no_door(estate: Estate) -> None:
    for service in estate.services:
        flow = estate.flow(INTERNET, service)

        assert flow.open == ()
        assert flow.refused is not None or estate.rows.services[service].admits == "network"


def test_services_of_one_network_call_each_other_by_their_own_names(estate: Estate) -> None:
    assert [door.kind for door in estate.flow("checkout", "payment").open] == [FRONT]
    assert not estate.flow("notification", "payment").allowed


def test_two_tunnels_lead_to_azure_and_carry_one_secret_that_no_plan_has(estate: Estate) -> None:
    tunnels = estate.plan.of("google_compute_vpn_tunnel")
    gateway = estate.plan.of("google_compute_external_vpn_gateway")[0]

    assert [each["vpn_gateway_interface"] for each in tunnels] == [0, 1]
    assert [part["ip_address"] for part in gateway["interface"]] == ["203.0.113.1", "203.0.113.2"]
    assert [each.get("shared_secret") or each.get("shared_secret_wo") for each in tunnels] == [None, None]


def test_both_ends_of_each_tunnel_speak_bgp_from_the_addresses_of_networks_yaml(estate: Estate) -> None:
    vpn = estate.rows.networks.vpn
    assert vpn is not None
    google = {each["ip_range"].partition("/")[0] for each in estate.plan.of("google_compute_router_interface")}
    peers = {each["peer_ip_address"] for each in estate.plan.of("google_compute_router_peer")}
    azure = [
        set(each.one("custom_bgp_addresses").values())
        for each in estate.plan.of("azurerm_virtual_network_gateway_connection")
    ]

    assert google == {each.google for each in vpn.tunnels}
    assert peers == {each.azure for each in vpn.tunnels}
    assert [each.azure in spoken for each, spoken in zip(vpn.tunnels, azure, strict=True)] == [True, True]
    assert {each["peer_asn"] for each in estate.plan.of("google_compute_router_peer")} == {vpn.azure.asn}
