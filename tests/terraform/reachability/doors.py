"""Where a service can be called: every address, private or Google's, at which its plan makes it answer."""

from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address

from tests.terraform.reachability.google import GOOGLE_APIS
from tests.terraform.reachability.resources import Resource, Resources

BALANCER, ATTACHMENT, FRONT, ENDPOINT, PUBLIC = (
    "internal load balancer",
    "Private Service Connect",
    "Cloud Run's own name",
    "private endpoint",
    "public address",
)
INTERNAL = ("INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER")


@dataclass(frozen=True)
class Door:
    """An address in a network (of Azure: its VNet's name) at which a service answers."""

    service: str
    kind: str
    address: IPv4Address
    network: str | None = None
    """None where it is in no network of ours."""
    accepts: bool = True
    """Whether the producer of a Private Service Connect endpoint has its network on the list."""


def doors(plan: Resources) -> list[Door]:
    """Return the doors of every service on Cloud Run and of every function app; names are the resources'."""
    return [*_fronts(plan), *_balancers(plan), *_endpoints(plan), *_azure(plan)]


def _fronts(plan: Resources) -> list[Door]:
    found = []
    for each in plan.of("google_cloud_run_v2_service"):
        if not each.get("default_uri_disabled"):
            found.append(Door(each.name, FRONT, GOOGLE_APIS[0]))
        if each["ingress"] not in INTERNAL:
            found.append(Door(each.name, PUBLIC, IPv4Address("0.0.0.0")))
    return found


def behind(plan: Resources, rule: Resource) -> str | None:
    """Return the Cloud Run service behind a load balancer's forwarding rule."""
    proxy = plan.referred("google_compute_region_target_https_proxy", rule.get("target"))
    if proxy is None:
        return None
    routes = plan.found("google_compute_region_url_map", proxy["url_map"])
    backend = plan.found("google_compute_region_backend_service", routes["default_service"])
    group = plan.found("google_compute_region_network_endpoint_group", backend.one("backend")["group"])
    return str(group.one("cloud_run")["service"])


def _address(plan: Resources, rule: Resource) -> IPv4Address:
    reserved = plan.referred("google_compute_address", rule["ip_address"])
    return IPv4Address(reserved["address"] if reserved else rule["ip_address"])


def _balancers(plan: Resources) -> list[Door]:
    found = []
    for each in plan.of("google_compute_forwarding_rule"):
        service = behind(plan, each)
        if service is not None:
            inside = each["load_balancing_scheme"] == "INTERNAL_MANAGED" and _address(plan, each).is_private
            network = plan.found("google_compute_network", each["network"]).name if inside else None
            found.append(Door(service, BALANCER if inside else PUBLIC, _address(plan, each), network))
    return found


def _endpoints(plan: Resources) -> list[Door]:
    found = []
    for each in plan.of("google_compute_forwarding_rule"):
        attachment = plan.referred("google_compute_service_attachment", each.get("target"))
        if attachment is None:
            continue
        service = behind(plan, plan.found("google_compute_forwarding_rule", attachment["target_service"]))
        network = plan.found("google_compute_network", each["network"]).name
        listed = {
            plan.found("google_compute_network", part["network_url"]).name
            for part in attachment.get("consumer_accept_lists") or []
            if part.get("network_url")
        }
        accepts = attachment["connection_preference"] == "ACCEPT_AUTOMATIC" or network in listed
        found.append(Door(str(service), ATTACHMENT, _address(plan, each), network, accepts))
    return found


def _azure(plan: Resources) -> list[Door]:
    found = []
    for app in plan.of("azurerm_function_app_flex_consumption"):
        if app.get("public_network_access_enabled") is not False:
            found.append(Door(app.name, PUBLIC, IPv4Address("0.0.0.0")))
        for each in plan.of("azurerm_private_endpoint"):
            target = each.one("private_service_connection").get("private_connection_resource_id")
            if target == app["id"]:
                subnet = plan.found("azurerm_subnet", each["subnet_id"])
                address = ip_address(each.one("ip_configuration")["private_ip_address"])
                assert isinstance(address, IPv4Address)
                found.append(Door(app.name, ENDPOINT, address, str(subnet["virtual_network_name"])))
    return found
