"""Where the name that a caller calls leads, by the private zones that its network sees."""

from ipaddress import IPv4Address

from tests.terraform.reachability.estate import Estate
from tests.terraform.reachability.resources import Resource, Resources


def called(estate: Estate, service: str) -> str:
    """Return the host name under which everyone calls a service; on Cloud Run it is its tokens' audience."""
    resource = estate.services[service]
    if resource.type == "google_cloud_run_v2_service":
        return str((resource.get("custom_audiences") or ["https://"])[0]).removeprefix("https://")
    return f"{resource.name}.azurewebsites.net"


def leads_to(plan: Resources, network: str, host: str) -> set[IPv4Address]:
    """Return the addresses that a name has in one of Google's networks; none where it has no private zone."""
    zone = _zone(plan, network, host)
    if zone is None:
        return set()
    if forwarded := zone.one("forwarding_config"):
        return _in_azure(plan, {each["ipv4_address"] for each in forwarded["target_name_servers"]}, host)
    return {
        IPv4Address(address)
        for each in plan.of("google_dns_record_set")
        if each["managed_zone"] == zone.name and each["name"] == f"{host}."
        for address in each["rrdatas"]
    }


def _zone(plan: Resources, network: str, host: str) -> Resource | None:
    seen = [
        each
        for each in plan.of("google_dns_managed_zone")
        if f".{host}.".endswith(f".{each['dns_name']}")
        and any(
            plan.found("google_compute_network", part["network_url"]).name == network
            for part in each.one("private_visibility_config").get("networks") or []
        )
    ]
    return max(seen, key=lambda each: len(each["dns_name"]), default=None)


def _in_azure(plan: Resources, asked: set[str], host: str) -> set[IPv4Address]:
    """A resolver of the VNet follows the app's name to its private endpoint, where the private zone is linked."""
    answering = {
        part["private_ip_address"]
        for each in plan.of("azurerm_private_dns_resolver_inbound_endpoint")
        for part in each["ip_configurations"]
    }
    linked = {each["private_dns_zone_name"] for each in plan.of("azurerm_private_dns_zone_virtual_network_link")}
    if not asked <= answering or "privatelink.azurewebsites.net" not in linked:
        return set()
    apps = {each["id"]: each for each in plan.of("azurerm_function_app_flex_consumption")}
    return {
        IPv4Address(each.one("ip_configuration")["private_ip_address"])
        for each in plan.of("azurerm_private_endpoint")
        if (app := apps.get(each.one("private_service_connection").get("private_connection_resource_id")))
        and host == f"{app.name}.azurewebsites.net"
        and each.one("private_dns_zone_group")
    }
