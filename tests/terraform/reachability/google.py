"""Google's networks as a plan makes them: subnets, routes, peerings, tunnels, firewalls; who stands where."""

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from tests.terraform.reachability.resources import Resource, Resources
from tests.terraform.reachability.rules import Judgement, Packet, Rule, judged, networks, ports

GOOGLE_APIS = IPv4Network("199.36.153.8/30")
"""private.googleapis.com: Google's documented addresses, of which Cloud Run's own names are."""
CONNECTOR_TAG = "vpc-connector"
"""What Google puts on the machines of every Serverless VPC Access connector."""


@dataclass(frozen=True)
class Subnet:
    name: str
    ranges: tuple[IPv4Network, ...]
    to_google: bool
    """Whether Private Google Access is on."""
    translated: bool
    """Whether Cloud NAT lets it out."""


@dataclass
class Network:
    """A VPC and all that decides what passes in it."""

    name: str
    to_internet: bool
    subnets: list[Subnet] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    routes: list[IPv4Network] = field(default_factory=list)
    """Static routes out of it, as to Google's APIs."""
    learns_of: dict[str, bool] = field(default_factory=dict)
    """Networks whose subnets it knows by peering; true where it takes what those learnt elsewhere too."""
    tells: dict[str, bool] = field(default_factory=dict)
    """Its own halves of peerings; true where it passes on what it learnt elsewhere."""
    tunnels: list[Resource] = field(default_factory=list)
    advertised: list[IPv4Network] = field(default_factory=list)
    """Ranges that the other end of the VPN can answer to."""

    def subnet_of(self, address: IPv4Address) -> Subnet | None:
        return next((each for each in self.subnets if any(address in part for part in each.ranges)), None)

    def outward(self, packet: Packet) -> Judgement:
        return judged(packet, self.rules, inward=False, otherwise=Judgement(True, "Google's default"))

    def inward(self, packet: Packet) -> Judgement:
        return judged(packet, self.rules, inward=True, otherwise=Judgement(False, "Google's default"))


def google_networks(plan: Resources) -> dict[str, Network]:
    """Return every VPC by name."""
    found = {
        each.name: Network(each.name, to_internet=not each["delete_default_routes_on_create"])
        for each in plan.of("google_compute_network")
    }

    def of(resource: Resource, key: str = "network") -> Network:
        return found[plan.found("google_compute_network", resource[key]).name]

    translated = {
        plan.found("google_compute_subnetwork", each["name"]).name
        for nat in plan.of("google_compute_router_nat")
        for each in nat["subnetwork"]
    }
    for each in plan.of("google_compute_subnetwork"):
        written = [each["ip_cidr_range"], *(second["ip_cidr_range"] for second in each.get("secondary_ip_range") or [])]
        on = bool(each.get("private_ip_google_access"))
        of(each).subnets.append(Subnet(each.name, networks(written), on, each.name in translated))
    for each in plan.of("google_compute_firewall"):
        of(each).rules.extend(_rules(each))
    for each in plan.of("google_compute_route"):
        of(each).routes.append(IPv4Network(each["dest_range"]))
    for each in plan.of("google_compute_network_peering"):
        own, other = of(each), of(each, "peer_network")
        own.tells[other.name] = bool(each["export_custom_routes"])
        own.learns_of[other.name] = bool(each["import_custom_routes"])
    for each in plan.of("google_compute_vpn_tunnel"):
        router = plan.found("google_compute_router", each["router"])
        of(router).tunnels.append(each)
        ranges = [part["range"] for part in router.one("bgp").get("advertised_ip_ranges") or []]
        of(router).advertised = list(networks(ranges))
    return found


def _rules(resource: Resource) -> list[Rule]:
    inward = resource["direction"] == "INGRESS"
    sides = networks(resource["source_ranges" if inward else "destination_ranges"])
    return [
        Rule(
            name=resource.name,
            priority=resource["priority"],
            inward=inward,
            allows=allows,
            protocol=part["protocol"],
            ports=ports(part.get("ports")),
            tags=frozenset(resource.get("target_tags") or ()),
            **({"sources": sides} if inward else {"destinations": sides}),
        )
        for allows, key in ((True, "allow"), (False, "deny"))
        for part in resource.get(key) or []
        if not resource.get("disabled")
    ]


@dataclass(frozen=True)
class Caller:
    """Someone who calls: in which network, from which address, with which tags, as which account."""

    name: str
    network: str | None
    address: IPv4Address | None
    tags: frozenset[str] = frozenset()
    account: str | None = None
    """As IAM names it, as `serviceAccount:…`; None is nobody."""


def serverless_caller(plan: Resources, name: str, service: Resource) -> Caller:
    """Return where a Cloud Run service calls from; without vpc_access it has no network."""
    template = service.one("template")
    account = f"serviceAccount:{template['service_account']}"
    access: dict[str, Any] = (template.get("vpc_access") or [{}])[0]
    if not access:
        return Caller(name, None, None, account=account)
    if reference := access.get("connector"):
        connector = plan.found("google_vpc_access_connector", reference)
        subnet = plan.found("google_compute_subnetwork", connector.one("subnet")["name"])
        network = plan.found("google_compute_network", subnet["network"]).name
        return Caller(name, network, _first(subnet["ip_cidr_range"]), frozenset({CONNECTOR_TAG}), account)
    interface = access["network_interfaces"][0]
    subnet = plan.found("google_compute_subnetwork", interface["subnetwork"])
    network = plan.found("google_compute_network", subnet["network"]).name
    tags = frozenset(interface.get("tags") or ())
    return Caller(name, network, _first(subnet["ip_cidr_range"]), tags, account)


def _first(written: str) -> IPv4Address:
    return IPv4Network(written)[4]
