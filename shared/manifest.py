"""The typed reader of `triggers/`: what fires each function, who may call it, where it runs.

A process reads its own service's file and the topics; only hosts of many services, terraform and tests read all.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from yaml12 import parse_yaml

from shared.rows import (
    CallerRow,
    FunctionRow,
    Idempotency,
    NetworkRow,
    Networks,
    RangeRow,
    Retry,
    Row,
    Scale,
    ServiceRow,
    TopicRow,
    Topics,
    Tunnel,
    Vpn,
    VpnEnd,
)

__all__ = [
    "FOLDER",
    "MOST_FILTER_BYTES",
    "NOT_SERVICES",
    "CallerRow",
    "FunctionRow",
    "Idempotency",
    "Manifest",
    "NetworkRow",
    "Networks",
    "RangeRow",
    "Retry",
    "Row",
    "Scale",
    "ServiceRow",
    "Subscription",
    "TopicRow",
    "Topics",
    "Tunnel",
    "Vpn",
    "VpnEnd",
    "manifest",
    "read_yaml",
    "service_row",
    "subscriptions",
    "topics",
]

FOLDER = Path(__file__).parent.parent / "triggers"
NOT_SERVICES = ("topics", "networks")
RAW = "NOT attributes:ce-type"
MOST_FILTER_BYTES = 256
"""Of a subscription's filter, in Pub/Sub."""


class Subscription(Row):
    """A push subscription that a row asks for: one per function and topic. `types` is None for every type."""

    name: str
    topic: str
    service: str
    function: str
    types: frozenset[str] | None
    raw: bool = False
    """Wants only messages that have no `ce-type`."""
    ordered: bool = False
    retry: Retry = Retry()

    @property
    def dead_letter_topic(self) -> str:
        """Where messages go that this subscription gives up."""
        return f"{self.name}.dead-letter"

    @property
    def path(self) -> str:
        """The push endpoint below the service's own address."""
        return f"/events/{self.function}"

    @property
    def filter(self) -> str:
        """Pub/Sub's filter, empty for every type: each type by name or, where that is too long, their aggregates.

        A raw subscription's lets no event of ours through, so that none costs it a delivery.
        A broader filter does no harm: the function's door acknowledges what its row does not want.
        """
        if self.raw:
            return RAW
        types = sorted(self.types or ())
        exact = " OR ".join(f'attributes.ce-type="{each}"' for each in types)
        aggregates = dict.fromkeys(each.partition(".")[0] for each in types)
        broad = " OR ".join(f'hasPrefix(attributes.ce-type,"{each}.")' for each in aggregates)
        return exact if len(exact) <= MOST_FILTER_BYTES else broad

    def wants(self, attributes: dict[str, str]) -> bool:
        """Whether the filter lets a message through. A message without `ce-type` passes only where every type does."""
        if self.raw:
            return "ce-type" not in attributes
        return self.types is None or attributes.get("ce-type") in self.types


class Manifest(Row):
    """All rows."""

    services: dict[str, ServiceRow]
    topics: Topics
    networks: Networks

    def subscriptions(self) -> list[Subscription]:
        """Every push subscription that the rows ask for, in the order of the files."""
        return [each for service in self.services.values() for each in subscriptions(service, self.topics)]


def subscriptions(service: ServiceRow, topics: Topics) -> list[Subscription]:
    """Return the push subscriptions of one service: one per function and topic."""
    found = []
    for name, row in service.functions.items():
        for topic, types in _by_topic(row, topics).items():
            found.append(
                Subscription(
                    name=f"{service.service}.{name}.{topic}",
                    topic=topic,
                    service=service.service,
                    function=name,
                    types=frozenset() if row.raw else types,
                    raw=row.raw,
                    ordered=row.ordered,
                    retry=row.retry,
                )
            )
    return found


def _by_topic(row: FunctionRow, topics: Topics) -> dict[str, frozenset[str] | None]:
    if "*" in row.event:
        return dict.fromkeys(topics.topics)
    named: dict[str, set[str]] = {}
    for event_type in row.event:
        named.setdefault(topics.of(event_type), set()).add(event_type)
    return {topic: frozenset(types) for topic, types in named.items()}


def read_yaml(path: Path) -> Any:
    """Read a YAML 1.2 file, as Terraform does; ValueError if it is none."""
    return parse_yaml(path.read_text(encoding="utf-8"))


@lru_cache
def service_row(service: str, folder: Path = FOLDER) -> ServiceRow:
    """Read one service's file; the file's name is its key."""
    path = folder / f"{service}.yaml"
    if not path.is_file():
        raise LookupError(f"no service {service!r}: {path.name} is not in triggers/")
    row = ServiceRow.model_validate(read_yaml(path))
    if row.service != service:
        raise ValueError(f"{path.name} says service: {row.service}")
    return row


@lru_cache
def topics(folder: Path = FOLDER) -> Topics:
    """Read the topics."""
    return Topics.model_validate(read_yaml(folder / "topics.yaml"))


@lru_cache
def manifest(folder: Path = FOLDER) -> Manifest:
    """Read all rows."""
    names = sorted(path.stem for path in folder.glob("*.yaml") if path.stem not in NOT_SERVICES)
    return Manifest(
        services={name: service_row(name, folder) for name in names},
        topics=topics(folder),
        networks=Networks.model_validate(read_yaml(folder / "networks.yaml")),
    )
