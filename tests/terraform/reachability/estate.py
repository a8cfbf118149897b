"""Both stacks' plans and the rows together: who calls from where, and every flow with what becomes of it."""

from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from shared.manifest import Manifest
from tests.terraform.reachability.admission import admits
from tests.terraform.reachability.azure import azure_networks
from tests.terraform.reachability.doors import FRONT, PUBLIC, Door, doors
from tests.terraform.reachability.google import Caller, google_networks, serverless_caller
from tests.terraform.reachability.resources import Resource, Resources
from tests.terraform.reachability.ways import INTERNET, Map, obstacles

POD, UNLISTED, AGENT = "another pod of the cluster", "a service without a row", "an agent that deploys fraud"
STRANGERS = (INTERNET, POD, UNLISTED, AGENT)


@dataclass(frozen=True)
class Flow:
    """A caller and a service: the doors that it gets to, those that it does not and why, and whether it is let in."""

    caller: str
    service: str
    open: tuple[Door, ...]
    shut: tuple[tuple[Door, str], ...]
    refused: str | None
    """Why IAM or Entra refuses it; None if they let it in."""

    @property
    def allowed(self) -> bool:
        return bool(self.open) and self.refused is None

    @property
    def private(self) -> tuple[Door, ...]:
        """The open doors that are addresses of ours; at Cloud Run's own name everyone inside arrives."""
        return tuple(door for door in self.open if door.kind not in (FRONT, PUBLIC))


class Estate:
    """The rows and what the plans make of them. `unique_ids` are those of the callers' Google accounts."""

    def __init__(
        self, rows: Manifest, google: dict[str, Any], azure: dict[str, Any], unique_ids: dict[str, str]
    ) -> None:
        self.rows = rows
        self.plan = Resources(google, azure)
        self.places = Map(google_networks(self.plan), azure_networks(self.plan))
        self._unique_ids = unique_ids

    @cached_property
    def services(self) -> dict[str, Resource]:
        """What runs each service of the rows; LookupError where the plans run nothing by its name."""
        return {name: self._runs(name) for name in self.rows.services}

    def _runs(self, name: str) -> Resource:
        if self.rows.services[name].runs_on == "cloud_run":
            return self.plan.found("google_cloud_run_v2_service", name.replace("_", "-"))
        apps = self.plan.of("azurerm_function_app_flex_consumption")
        return next(each for each in apps if name in each.name.split("-"))

    @cached_property
    def doors(self) -> list[Door]:
        """Every door, by the name that the rows have for the service."""
        names = {resource.name: name for name, resource in self.services.items()}
        return [
            Door(names[each.service], each.kind, each.address, each.network, each.accepts)
            for each in doors(self.plan)
            if each.service in names
        ]

    @cached_property
    def callers(self) -> dict[str, Caller]:
        """Services, callers of networks.yaml and strangers, each where the plans put it."""
        found = {name: self._service(name) for name in self.services}
        for name, row in self.rows.networks.callers.items():
            subnet = "pods" if "pods" in self.rows.networks.networks[row.network].subnets else "operators"
            tags = frozenset() if subnet == "pods" else frozenset({name})
            found[name] = Caller(name, row.network, self._address(row.network, subnet), tags, self._account(name))
        inside = next(each for each in found.values() if each.tags and each.network == "serverless")
        agents = self.plan.found("azurerm_subnet", "agents")
        agent = IPv4Network(agents["address_prefixes"][0])[4]
        strangers = (
            Caller(INTERNET, None, IPv4Address("198.51.100.7")),
            Caller(POD, "gke", self._address("gke", "pods")),
            Caller(UNLISTED, "serverless", inside.address),
            Caller(AGENT, str(agents["virtual_network_name"]), agent),
        )
        return found | {each.name: each for each in strangers}

    def _service(self, name: str) -> Caller:
        resource = self.services[name]
        if resource.type == "google_cloud_run_v2_service":
            return serverless_caller(self.plan, name, resource)
        subnet = self.plan.found("azurerm_subnet", resource["virtual_network_subnet_id"])
        return Caller(name, subnet["virtual_network_name"], IPv4Network(subnet["address_prefixes"][0])[4])

    def _address(self, network: str, subnet: str) -> IPv4Address:
        return IPv4Network(self.rows.networks.networks[network].subnets[subnet].cidr)[4]

    def _account(self, name: str) -> str | None:
        accounts = [each for each in self.plan.of("google_service_account") if each["account_id"].endswith(name)]
        return f"serviceAccount:{accounts[0]['email']}" if accounts else None

    def flow(self, caller: str, service: str) -> Flow:
        """Return what becomes of a call."""
        who, opened, shut = self.callers[caller], [], []
        for door in self.doors:
            if door.service == service:
                found = obstacles(self.places, who, door)
                opened += [] if found else [door]
                shut += [(door, "; ".join(found))] if found else []
        refused = admits(self.plan, self.services[service], who, self._unique_ids.get(caller))
        return Flow(caller, service, tuple(opened), tuple(shut), refused)

    @cached_property
    def flows(self) -> list[Flow]:
        """Every caller to every other service."""
        return [self.flow(caller, service) for caller in self.callers for service in self.services if caller != service]

    @property
    def edges(self) -> set[tuple[str, str]]:
        """Who may call whom, as the rows say."""
        return {(caller, name) for name, row in self.rows.services.items() for caller in row.callers}
