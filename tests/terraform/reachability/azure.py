"""Azure's network as a plan makes it: subnets with their security groups, the tunnel's end."""

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from tests.terraform.reachability.resources import Resource, Resources
from tests.terraform.reachability.rules import ANYWHERE, Judgement, Packet, Rule, judged, networks, ports

_OWN = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))
"""What the tag VirtualNetwork may stand for: the VNet and all that its gateway learnt."""
_NOWHERE = (IPv4Network("0.0.0.0/32"),)
_DEFAULTS = [
    Rule("AllowVnetInBound", 65000, True, True, sources=_OWN, destinations=_OWN),
    Rule("DenyAllInBound", 65500, True, False),
    Rule("AllowVnetOutBound", 65000, False, True, sources=_OWN, destinations=_OWN),
    Rule("AllowInternetOutBound", 65001, False, True),
]
_GUARDED = ("Enabled", "NetworkSecurityGroupEnabled")


@dataclass
class AzureSubnet:
    name: str
    ranges: tuple[IPv4Network, ...]
    guards_endpoints: bool
    """Whether its security group is asked about private endpoints; by default Azure passes it over."""
    rules: list[Rule] | None = None


@dataclass
class AzureNetwork:
    """A VNet."""

    name: str
    space: tuple[IPv4Network, ...]
    joined: bool
    """Whether a tunnel leads to Google, with routes by BGP."""
    subnets: list[AzureSubnet] = field(default_factory=list)

    def subnet_of(self, address: IPv4Address) -> AzureSubnet | None:
        return next((each for each in self.subnets if any(address in part for part in each.ranges)), None)

    def judged(self, packet: Packet, subnet: AzureSubnet, *, inward: bool) -> Judgement:
        if subnet.rules is None or (inward and not subnet.guards_endpoints):
            return Judgement(True, "no security group")
        return judged(packet, [*subnet.rules, *_DEFAULTS], inward=inward, otherwise=Judgement(False, "Azure's default"))


def azure_networks(plan: Resources) -> dict[str, AzureNetwork]:
    """Return every VNet by name."""
    joined = any(each.get("bgp_enabled") for each in plan.of("azurerm_virtual_network_gateway_connection"))
    found = {
        each.name: AzureNetwork(each.name, networks(each["address_space"]), joined)
        for each in plan.of("azurerm_virtual_network")
    }
    groups = {each.name: _rules(plan, each.name) for each in plan.of("azurerm_network_security_group")}
    guarded = {
        plan.found("azurerm_subnet", each["subnet_id"]).address: plan.found(
            "azurerm_network_security_group", each["network_security_group_id"]
        ).name
        for each in plan.of("azurerm_subnet_network_security_group_association")
    }
    for each in plan.of("azurerm_subnet"):
        policies = each.get("private_endpoint_network_policies") in _GUARDED
        rules = groups[guarded[each.address]] if each.address in guarded else None
        found[each["virtual_network_name"]].subnets.append(
            AzureSubnet(each.name, networks(each["address_prefixes"]), policies, rules)
        )
    return found


def _rules(plan: Resources, group: str) -> list[Rule]:
    return [
        Rule(
            name=each.name,
            priority=each["priority"],
            inward=each["direction"] == "Inbound",
            allows=each["access"] == "Allow",
            sources=_side(each, "source"),
            destinations=_side(each, "destination"),
            protocol={"*": "all"}.get(each["protocol"], str(each["protocol"]).lower()),
            ports=ports(each.get("destination_port_ranges") or [each.get("destination_port_range") or "*"]),
        )
        for each in plan.of("azurerm_network_security_rule")
        if each["network_security_group_name"] == group
    ]


def _side(resource: Resource, side: str) -> tuple[IPv4Network, ...]:
    written: list[Any] = list(resource.get(f"{side}_address_prefixes") or [resource.get(f"{side}_address_prefix")])
    return tuple(part for each in written for part in _ranges(str(each)))


def _ranges(written: str) -> tuple[IPv4Network, ...]:
    if written in ("*", "Internet"):
        return (ANYWHERE,)
    if written == "VirtualNetwork":
        return _OWN
    return (IPv4Network(written),) if written[:1].isdigit() else _NOWHERE  # a service tag is none of ours
