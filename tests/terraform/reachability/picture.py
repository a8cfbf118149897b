"""The networks as a picture (mermaid), drawn from what the plans make."""

from collections.abc import Iterator
from itertools import combinations

from tests.terraform.reachability.doors import ATTACHMENT, BALANCER, ENDPOINT
from tests.terraform.reachability.estate import Estate
from tests.terraform.reachability.ways import peered


def picture(estate: Estate) -> str:
    """Return the diagram: networks with who is in them, doors, and every way between networks."""
    return "\n".join(["```mermaid", "flowchart LR", *_networks(estate), *_ways(estate), "```"])


def _networks(estate: Estate) -> Iterator[str]:
    for name, row in estate.rows.networks.networks.items():
        place = "VNet" if row.cloud == "azure" else "VPC"
        yield f'  subgraph {name}["{place} {name}<br/>{row.cidr}"]'
        inside = [each for each in (*estate.services, *estate.rows.networks.callers) if _lives(estate, each, name)]
        yield f'    {name}_in["{"<br/>".join(inside)}"]'
        for door in estate.doors:
            if _network_of(estate, door.network) == name and door.kind in (BALANCER, ENDPOINT):
                yield f'    {door.service}_door(["{door.kind}<br/>{door.address}"]) --> {name}_in'
            elif door.kind == ATTACHMENT and door.network == name:
                yield f'    {name}_{door.service}(["endpoint of {door.service}<br/>{door.address}"])'
        yield "  end"
    yield '  front["private.googleapis.com<br/>Google\'s APIs, *.run.app"]'
    yield '  internet(("the Internet"))'


def _lives(estate: Estate, caller: str, network: str) -> bool:
    return _network_of(estate, estate.callers[caller].network) == network


def _network_of(estate: Estate, name: str | None) -> str | None:
    return "azure" if name in estate.places.azure else name


def _ways(estate: Estate) -> Iterator[str]:
    google = estate.places.google
    for one, other in combinations(google, 2):
        if peered(google, one, other):
            outer, inner = (one, other) if f"{other}" in estate.services else (other, one)
            yield f"  {outer}_in -- peering --> {inner}_door"
    for door in estate.doors:
        if door.kind == ATTACHMENT:
            yield f"  {door.network}_{door.service} -- Private Service Connect --> {door.service}_door"
    for name, network in google.items():
        if network.tunnels:
            yield f"  {name}_in == HA VPN, {len(network.tunnels)} tunnels, BGP ==> fraud_door"
    for name, network in google.items():
        if network.routes or network.to_internet:
            yield f"  {name}_in -.-> front"
        if any(each.translated for each in network.subnets):
            yield f"  {name}_in -. address translation, who may .-> internet"
