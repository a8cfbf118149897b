"""The addresses of triggers/networks.yaml fit each other."""

from ipaddress import ip_address, ip_network
from itertools import combinations

import pytest

from shared.manifest import manifest

ROWS = manifest()
NETWORKS = ROWS.networks.networks
APIPA_OF_AZURE = (ip_address("169.254.21.0"), ip_address("169.254.22.255"))


@pytest.mark.parametrize(("one", "other"), list(combinations(NETWORKS, 2)))
def test_no_two_networks_overlap(one: str, other: str) -> None:
    assert not ip_network(NETWORKS[one].cidr).overlaps(ip_network(NETWORKS[other].cidr))


@pytest.mark.parametrize("name", NETWORKS)
def test_subnets_lie_in_their_network_and_apart(name: str) -> None:
    subnets = [ip_network(row.cidr) for row in NETWORKS[name].subnets.values()]

    assert all(each.subnet_of(ip_network(NETWORKS[name].cidr)) for each in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


@pytest.mark.parametrize("name", NETWORKS)
def test_only_private_addresses_are_used(name: str) -> None:
    assert ip_network(NETWORKS[name].cidr).subnet_of(ip_network("10.0.0.0/8"))


@pytest.mark.parametrize("name", NETWORKS)
def test_stable_addresses_lie_in_a_subnet(name: str) -> None:
    subnets = [ip_network(row.cidr) for row in NETWORKS[name].subnets.values()]

    for address in NETWORKS[name].addresses.values():
        assert [ip_address(address) in each for each in subnets].count(True) == 1


def test_every_service_of_a_network_that_is_not_run_as_a_vpc_has_a_stable_address() -> None:
    apart = {name for name, row in NETWORKS.items() if row.reached_by != "vpc"}
    services = {row.service: row.network for row in ROWS.services.values() if row.network in apart}

    assert {service for service, network in services.items() if service in NETWORKS[network].addresses} == set(services)


def test_each_tunnel_has_a_range_of_its_own_that_azure_accepts() -> None:
    vpn = ROWS.networks.vpn
    assert vpn is not None
    ranges = [ip_network(f"{tunnel.google}/30", strict=False) for tunnel in vpn.tunnels]

    assert len(set(ranges)) == len(ranges)
    for tunnel, reserved in zip(vpn.tunnels, ranges, strict=True):
        ends = {ip_address(tunnel.google), ip_address(tunnel.azure)}
        assert ends == set(reserved.hosts())
        assert all(APIPA_OF_AZURE[0] <= end <= APIPA_OF_AZURE[1] for end in ends)


def test_the_vpn_joins_a_network_of_each_cloud() -> None:
    vpn = ROWS.networks.vpn
    assert vpn is not None

    assert (NETWORKS[vpn.google.network].cloud, NETWORKS[vpn.azure.network].cloud) == ("google", "azure")
    assert vpn.google.asn != vpn.azure.asn


def test_callers_of_azure_are_where_the_vpn_is_and_may_fetch_their_token() -> None:
    vpn = ROWS.networks.vpn
    assert vpn is not None
    places = {name: row.network for name, row in (ROWS.networks.callers | ROWS.services).items()}
    callers = {caller for row in ROWS.services.values() if row.runs_on == "azure_functions" for caller in row.callers}

    assert {places[caller] for caller in callers} == {vpn.google.network}
    assert callers & set(ROWS.services) <= set(ROWS.networks.outward)


def test_only_services_call_out() -> None:
    assert set(ROWS.networks.outward) <= set(ROWS.services)
