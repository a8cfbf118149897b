"""What a row of `triggers/` may say: typed, unknown keys refused. `shared.manifest` reads them."""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class Row(BaseModel):
    """A row of data; unknown keys are refused. Built when first read: a process reads few kinds of rows."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Idempotency(StrEnum):
    """How doing a thing twice is the same as doing it once."""

    REQUIRED = "required"
    """The caller must send an Idempotency-Key; the answer is stored under it."""
    OPTIONAL = "optional"
    """The caller may send one."""
    NATURAL = "natural"
    """The function's own documents have natural keys, so a repeat finds them; no record is written."""
    NONE = "none"


class Retry(Row):
    """How a failed delivery is tried again: exponential backoff between the bounds, then the dead-letter topic."""

    min_backoff_s: float = Field(default=0.1, ge=0, le=600)
    max_backoff_s: float = Field(default=60, ge=0, le=600)
    max_attempts: int = Field(default=100, ge=5, le=100)
    ack_deadline_s: int = Field(default=10, ge=10, le=600)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class FunctionRow(Row):
    """One capability and the one thing that fires it: a route, events or a schedule."""

    http: str | None = Field(default=None, pattern=r"^(GET|POST|PUT|PATCH|DELETE) /[a-z0-9_/{}.-]*$")
    answers: int = Field(default=200, ge=200, le=299)
    event: Annotated[tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | tuple[str, ...])] = ()
    schedule: str | None = None
    wakes_on: str | None = None
    callers: tuple[str, ...] = ()
    idempotency: Idempotency = Idempotency.NONE
    raw: bool = False
    """Takes the messages without `ce-type` of its event's topic, and no CloudEvent (PROMISES 8)."""
    ordered: bool = False
    """Its events come one at a time for each subject, as published; their topics must be ordered."""
    retry: Retry = Retry()

    @property
    def method(self) -> str:
        """The HTTP method of an http row."""
        return (self.http or "").partition(" ")[0]

    @property
    def path(self) -> str:
        """The path template of an http row."""
        return (self.http or "").partition(" ")[2]

    @property
    def trigger(self) -> Literal["http", "event", "schedule"]:
        """What kind of thing fires this."""
        return "http" if self.http else "event" if self.event else "schedule"


class Scale(Row):
    """What one instance gets and how many there are."""

    memory: str = "512Mi"
    cpu: str = "1"
    concurrency: int = Field(default=40, ge=1, le=1000)
    min: int = Field(default=0, ge=0)
    max: int = Field(default=20, ge=1)
    timeout_s: int = Field(default=30, ge=1, le=3600)


class ServiceRow(Row):
    """One service: one deployable, one database, its functions and what it publishes."""

    service: str = Field(pattern=r"^[a-z][a-z_]{1,30}$")
    about: str
    runs_on: Literal["cloud_run", "azure_functions"]
    network: str
    signs_in: Literal["operator"] | None = None
    """Whom its pages are for. People sign in by browser: in the cloud the Identity-Aware Proxy knows them."""
    scale: Scale = Scale()
    functions: dict[str, FunctionRow]
    publishes: tuple[str, ...] = ()
    admits: Literal["tokens", "network"] = "tokens"
    """`network`: whoever the network lets through needs no token for the routes of `admits_as`."""
    admits_as: str | None = None
    """The caller that a request without a token counts as."""
    admits_reason: str | None = None

    @model_validator(mode="after")
    def _exception_is_declared(self) -> Self:
        if (self.admits == "network") != bool(self.admits_as and self.admits_reason):
            raise ValueError("`admits: network` comes with admits_as and admits_reason, and only it does")
        return self

    def admitted_as(self, callers: tuple[str, ...]) -> str | None:
        """Return who a request without a token is on a route with these callers; None where a token is needed."""
        return self.admits_as if self.admits == "network" and self.admits_as in callers else None

    @cached_property
    def callers(self) -> frozenset[str]:
        """Everyone who may call some route of this service."""
        return frozenset(caller for row in self.functions.values() for caller in row.callers)


class TopicRow(Row):
    """One topic and the aggregates whose events go there."""

    about: str
    aggregates: tuple[str, ...]
    ordered: bool = False
    """Its events carry their subject as ordering key, so that subscriptions can ask for order."""


class Topics(Row):
    """All topics."""

    topics: dict[str, TopicRow]

    @cached_property
    def _ordered(self) -> frozenset[str]:
        return frozenset(each for row in self.topics.values() if row.ordered for each in row.aggregates)

    def of(self, event_type: str) -> str:
        """Return the topic of an event type; LookupError if none takes its aggregate."""
        aggregate = event_type.partition(".")[0]
        for name, row in self.topics.items():
            if aggregate in row.aggregates:
                return name
        raise LookupError(f"no topic takes {event_type!r}")

    def ordering_key(self, event_type: str, subject: str) -> str:
        """Return the ordering key of an event: its subject on an ordered topic, elsewhere nothing."""
        return subject if event_type.partition(".")[0] in self._ordered else ""

    def sequence(self, event_type: str, subject: str) -> str:
        """Return what names the events that must be published in their order: topic and ordering key, or nothing."""
        key = self.ordering_key(event_type, subject)
        return f"{self.of(event_type)}/{key}" if key else ""


class RangeRow(Row):
    """A range of addresses: a subnet of a network, or one that a cloud gives everyone."""

    cidr: str
    about: str


class NetworkRow(Row):
    """A network, how callers in other networks reach it, and the addresses where its services answer."""

    about: str
    cloud: Literal["google", "azure"]
    reached_by: Literal["vpc", "internal_load_balancer", "private_service_connect", "peering", "vpn"]
    cidr: str
    """All addresses of the network; its subnets lie in it."""
    subnets: dict[str, RangeRow] = {}
    addresses: dict[str, str] = {}


class CallerRow(Row):
    """A caller that is no service of ours."""

    about: str
    network: str


class VpnEnd(Row):
    """One end of the VPN: the network that it joins and its autonomous system number."""

    network: str
    asn: int = Field(ge=64512, le=65534)


class Tunnel(Row):
    """The BGP addresses at the two ends of a tunnel, in a /30 of their own."""

    google: str
    azure: str


class Vpn(Row):
    """The VPN between the clouds."""

    google: VpnEnd
    azure: VpnEnd
    tunnels: tuple[Tunnel, Tunnel]


class Networks(Row):
    """Networks, callers from outside the collection, and which services may call out to the Internet for what."""

    networks: dict[str, NetworkRow]
    callers: dict[str, CallerRow]
    vpn: Vpn | None = None
    ranges: dict[str, RangeRow] = {}
    outward: dict[str, str] = {}
