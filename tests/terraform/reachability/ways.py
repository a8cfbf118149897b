"""Whether a caller's packets come to a door: the route, then every firewall on it. Each obstacle is said in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.terraform.reachability.azure import AzureNetwork
from tests.terraform.reachability.doors import ATTACHMENT, FRONT, PUBLIC, Door
from tests.terraform.reachability.google import GOOGLE_APIS, Caller, Network
from tests.terraform.reachability.rules import Packet

INTERNET = "the Internet"


@dataclass(frozen=True)
class Map:
    """Both clouds' networks by name."""

    google: dict[str, Network]
    azure: dict[str, AzureNetwork]


def obstacles(places: Map, caller: Caller, door: Door) -> list[str]:
    """Return what stands between a caller and a door; nothing means that the call arrives."""
    if door.kind == PUBLIC:
        return []
    if caller.network is None:
        return [_from_outside(caller, door)]
    found = _from_google if caller.network in places.google else _from_azure
    return list(found(places, caller, door))


def _from_outside(caller: Caller, door: Door) -> str:
    if door.kind == FRONT:
        return "ingress is internal: calls from the Internet are refused"
    return f"{door.address} is a private address"


def _from_google(places: Map, caller: Caller, door: Door) -> Iterator[str]:
    network = places.google[str(caller.network)]
    if door.kind == ATTACHMENT and not door.accepts:
        yield f"the service attachment does not have {door.network} on its list"
    yield from _route(places, network, caller, door)
    assert caller.address is not None
    packet = Packet(caller.address, door.address, tags=caller.tags)
    outward = network.outward(packet)
    if not outward.allows:
        yield f"firewall rule {outward.rule} refuses it"
    if door.network in places.azure:
        yield from _security_group(places.azure[str(door.network)], packet)


def _route(places: Map, network: Network, caller: Caller, door: Door) -> Iterator[str]:
    assert caller.address is not None
    if door.kind == FRONT:
        subnet = network.subnet_of(caller.address)
        routed = network.to_internet or any(GOOGLE_APIS.subnet_of(each) for each in network.routes)
        if not (routed and subnet and subnet.to_google):
            yield f"{network.name} has no route to Google's APIs"
    elif door.network in places.azure:
        yield from _over_the_tunnel(places, network, caller, places.azure[str(door.network)])
    elif door.network != network.name and not peered(places.google, network.name, str(door.network)):
        yield f"{network.name} has no route to {door.network}"


def peered(google: dict[str, Network], one: str, other: str) -> bool:
    """Whether two networks have both halves of a peering: only then there are routes, to subnets of these two alone."""
    return other in google[one].tells and one in google[other].tells


def _over_the_tunnel(places: Map, network: Network, caller: Caller, vnet: AzureNetwork) -> Iterator[str]:
    """A network's own tunnel, or one of a peer that passes on what it learnt to a network that takes it."""
    gateways = [network.name] if network.tunnels else []
    gateways += [
        name
        for name, other in places.google.items()
        if other.tunnels
        and peered(places.google, network.name, name)
        and other.tells[network.name]
        and network.learns_of[name]
    ]
    if not gateways or not vnet.joined:
        yield f"{network.name} has no route to Azure"
    elif not any(caller.address in part for name in gateways for part in places.google[name].advertised):
        yield f"Azure is not told of {caller.address} and can't answer"


def _security_group(vnet: AzureNetwork, packet: Packet) -> Iterator[str]:
    subnet = vnet.subnet_of(packet.destination)
    if subnet is None:
        yield f"{packet.destination} is in no subnet of {vnet.name}"
    elif not (said := vnet.judged(packet, subnet, inward=True)).allows:
        yield f"security rule {said.rule} of {subnet.name} refuses it"


def _from_azure(places: Map, caller: Caller, door: Door) -> Iterator[str]:
    vnet = places.azure[str(caller.network)]
    assert caller.address is not None
    packet = Packet(caller.address, door.address)
    if door.network == vnet.name:
        yield from _security_group(vnet, packet)
    elif door.kind == FRONT:
        yield "ingress is internal: calls from the Internet are refused"
    elif not any(door.address in part for each in places.google.values() for part in each.advertised):
        yield f"Azure is not told of {door.network}"
    subnet = vnet.subnet_of(caller.address)
    if subnet and not (said := vnet.judged(packet, subnet, inward=False)).allows:
        yield f"security rule {said.rule} of {subnet.name} refuses it"
