"""Firewalls as both clouds judge: the first rule that fits decides, by priority; what no rule fits has a default."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

ANYWHERE = IPv4Network("0.0.0.0/0")


@dataclass(frozen=True)
class Rule:
    """One rule of a network or subnet, as its cloud has it."""

    name: str
    priority: int
    inward: bool
    allows: bool
    sources: tuple[IPv4Network, ...] = (ANYWHERE,)
    destinations: tuple[IPv4Network, ...] = (ANYWHERE,)
    protocol: str = "all"
    ports: tuple[tuple[int, int], ...] = ()
    """From and to; none means every port."""
    tags: frozenset[str] = frozenset()
    """Those in the network that it is for; none means everyone."""

    def fits(self, packet: "Packet") -> bool:
        return (
            self.protocol in ("all", packet.protocol)
            and (not self.ports or any(low <= packet.port <= high for low, high in self.ports))
            and (not self.tags or bool(self.tags & packet.tags))
            and any(packet.source in each for each in self.sources)
            and any(packet.destination in each for each in self.destinations)
        )


@dataclass(frozen=True)
class Packet:
    """The first packet of a connection, and the tags of whichever end is in the network that judges it."""

    source: IPv4Address
    destination: IPv4Address
    port: int = 443
    protocol: str = "tcp"
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Judgement:
    """Whether it may pass, and which rule said so."""

    allows: bool
    rule: str


def judged(packet: Packet, rules: Iterable[Rule], *, inward: bool, otherwise: Judgement) -> Judgement:
    """Return what the rules of one direction say. Of two with the same priority the refusal decides."""
    for rule in sorted(
        (each for each in rules if each.inward is inward), key=lambda each: (each.priority, each.allows)
    ):
        if rule.fits(packet):
            return Judgement(rule.allows, rule.name)
    return otherwise


def ports(written: Iterable[str] | None) -> tuple[tuple[int, int], ...]:
    """Read "443" and "8000-8100"; "*" and nothing mean every port."""
    found = []
    for each in written or ():
        if each == "*":
            return ()
        low, _, high = each.partition("-")
        found.append((int(low), int(high or low)))
    return tuple(found)


def networks(written: Iterable[str] | None) -> tuple[IPv4Network, ...]:
    """Read ranges."""
    return tuple(IPv4Network(each) for each in written or ())
