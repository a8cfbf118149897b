"""What must hold of every resource of a plan, whatever it is for. A finding names its rule and the resource."""

from collections.abc import Callable, Iterator

from tests.terraform.reachability.admission import EVERYONE
from tests.terraform.reachability.doors import INTERNAL
from tests.terraform.reachability.resources import Resource, Resources

Found = Iterator[str]


def public_address(plan: Resources) -> Found:
    """No address is public but those of Azure's VPN gateway, which speaks IPsec, and NAT's, which lets nobody in."""
    for each in plan.of("google_compute_address", "google_compute_global_address"):
        if each.get("address_type") != "INTERNAL":
            yield each.address
    for each in plan.of("google_compute_forwarding_rule", "google_compute_global_forwarding_rule"):
        if "EXTERNAL" in str(each.get("load_balancing_scheme")):
            yield each.address
    for each in plan.of("google_compute_instance"):
        if any(part.get("access_config") for part in each["network_interface"]):
            yield each.address
    used = {
        part["public_ip_address_id"]
        for gateway in plan.of("azurerm_virtual_network_gateway")
        for part in gateway["ip_configuration"]
    } | {each["public_ip_address_id"] for each in plan.of("azurerm_nat_gateway_public_ip_association")}
    for each in plan.of("azurerm_public_ip"):
        if each["id"] not in used:
            yield each.address


def everyone_is_a_member(plan: Resources) -> Found:
    """Nothing is granted to everyone."""
    for each in plan.all:
        members = [*(each.get("members") or []), each.get("member")]
        if set(members) & set(EVERYONE):
            yield each.address
    for each in plan.of("azurerm_storage_container"):
        if each["container_access_type"] != "private":
            yield each.address


def ingress_from_outside(plan: Resources) -> Found:
    """Nothing that answers is open to the Internet."""
    for each in plan.of("google_cloud_run_v2_service"):
        if each["ingress"] not in INTERNAL:
            yield each.address
    kinds = ("azurerm_function_app_flex_consumption", "azurerm_storage_account", "azurerm_key_vault")
    for each in plan.of(*kinds):
        if each.get("public_network_access_enabled") is not False:
            yield each.address


def network_without_refusal(plan: Resources) -> Found:
    """Every VPC refuses at the end what no rule allowed, both ways, and says so in its log; no subnet is unguarded."""
    for network in plan.of("google_compute_network"):
        for direction in ("INGRESS", "EGRESS"):
            if not any(_refuses_all(plan, rule, network, direction) for rule in plan.of("google_compute_firewall")):
                yield f"{network.address} {direction}"
    guarded = {each["subnet_id"] for each in plan.of("azurerm_subnet_network_security_group_association")}
    for each in plan.of("azurerm_subnet"):
        if each["name"] != "GatewaySubnet" and each["id"] not in guarded:
            yield each.address


def _refuses_all(plan: Resources, rule: Resource, network: Resource, direction: str) -> bool:
    ranges = rule.get("source_ranges" if direction == "INGRESS" else "destination_ranges")
    return (
        plan.referred("google_compute_network", rule["network"]) is network
        and rule["direction"] == direction
        and list(ranges or ()) == ["0.0.0.0/0"]
        and [part["protocol"] for part in rule.get("deny") or []] == ["all"]
        and not rule.get("target_tags")
        and bool(rule.get("log_config"))
    )


def firewall_opened_to_everyone(plan: Resources) -> Found:
    """No rule lets everyone in; no rule lets everyone out to everywhere."""
    for each in plan.of("google_compute_firewall"):
        if each.get("allow") and each["direction"] == "INGRESS" and "0.0.0.0/0" in (each.get("source_ranges") or []):
            yield each.address
        out = each["direction"] == "EGRESS" and "0.0.0.0/0" in (each.get("destination_ranges") or [])
        if each.get("allow") and out and not each.get("target_tags"):
            yield each.address
    for each in plan.of("azurerm_network_security_rule"):
        wide = each.get("source_address_prefix") in ("*", "Internet", "0.0.0.0/0", "VirtualNetwork")
        if each["access"] == "Allow" and each["direction"] == "Inbound" and wide:
            yield each.address


def attachment_accepts_anyone(plan: Resources) -> Found:
    """A service attachment names the networks that it accepts."""
    for each in plan.of("google_compute_service_attachment"):
        listed = each.get("consumer_accept_lists") or []
        if each["connection_preference"] != "ACCEPT_MANUAL" or not all(part.get("network_url") for part in listed):
            yield each.address


def in_the_clear(plan: Resources) -> Found:
    """Everything between processes is encrypted, with TLS 1.2 at least or IPsec by IKEv2."""
    for each in plan.of("google_compute_region_target_http_proxy", "google_compute_target_http_proxy"):
        yield each.address
    for each in plan.of("google_compute_region_target_https_proxy"):
        policy = plan.referred("google_compute_region_ssl_policy", each.get("ssl_policy"))
        if policy is None or policy["min_tls_version"] not in ("TLS_1_2", "TLS_1_3"):
            yield each.address
    for each in plan.of("google_compute_region_backend_service"):
        if each["protocol"] != "HTTPS":
            yield each.address
    for each in plan.of("google_compute_vpn_tunnel"):
        if each["ike_version"] != 2:
            yield each.address
    for each in plan.of("azurerm_function_app_flex_consumption"):
        if not each.get("https_only") or each.one("site_config").get("minimum_tls_version") not in ("1.2", "1.3"):
            yield each.address
    for each in plan.of("azurerm_storage_account"):
        if not each.get("https_traffic_only_enabled") or each.get("min_tls_version") not in ("TLS1_2", "TLS1_3"):
            yield each.address


def secret_in_the_state(plan: Resources) -> Found:
    """What Google's provider takes without keeping it is given that way; no key file of an account is made."""
    for each in plan.of("google_compute_vpn_tunnel"):
        if each.get("shared_secret"):
            yield each.address
    for each in plan.of("google_secret_manager_secret_version"):
        if each.get("secret_data"):
            yield each.address
    for each in plan.of("google_service_account_key"):
        yield each.address
    for each in plan.of("azurerm_storage_account"):
        if each.get("shared_access_key_enabled") is not False:
            yield each.address


def unprotected(plan: Resources) -> Found:
    """In prod nothing that holds data, or answers, is deleted by a slip."""
    for each in plan.of("google_cloud_run_v2_service", "google_bigquery_table"):
        if each.get("deletion_protection") is not True and not each.get("view"):  # a view holds no data
            yield each.address
    for each in plan.of("google_firestore_database"):
        if each.get("delete_protection_state") != "DELETE_PROTECTION_ENABLED":
            yield each.address
    for each in plan.of("google_bigquery_dataset"):
        if each.get("delete_contents_on_destroy"):
            yield each.address
    for each in plan.of("azurerm_key_vault"):
        if not each.get("purge_protection_enabled"):
            yield each.address
    locked = {each["scope"] for each in plan.of("azurerm_management_lock") if each["lock_level"] == "CanNotDelete"}
    for each in plan.of("azurerm_resource_group"):
        if each["id"] not in locked:
            yield each.address


ALWAYS: tuple[Callable[[Resources], Found], ...] = (
    public_address,
    everyone_is_a_member,
    ingress_from_outside,
    network_without_refusal,
    firewall_opened_to_everyone,
    attachment_accepts_anyone,
    in_the_clear,
    secret_in_the_state,
)
IN_PROD = (*ALWAYS, unprotected)


def broken(plan: Resources, rules: tuple[Callable[[Resources], Found], ...] = IN_PROD) -> list[str]:
    """Return every finding, as "rule: address"."""
    return [f"{rule.__name__}: {each}" for rule in rules for each in rule(plan)]
