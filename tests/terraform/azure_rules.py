"""What must hold of every plan of Azure's stack; each rule returns what breaks it, so that a test can show it bite."""

from tests.terraform.planned import Plan, Values, resources

GATEWAYS = {'module.vpn.azurerm_public_ip.this["0"]', 'module.vpn.azurerm_public_ip.this["1"]'}
"""Both ends of the encrypted tunnel: IPsec and nothing else listens there."""
OUTWARD = {'module.network.azurerm_public_ip.outward["nat"]'}
"""Fraud's way out to Entra's keys; a NAT gateway takes no connections."""
FETCHES = {'module.network.azurerm_network_security_rule.allowed["agents/Outbound/fetches"]'}
"""Agents fetch what they build and deploy from wherever it is; fraud and its stores may not."""
EVERYBODY = {"*", "0.0.0.0/0", "Internet", "Any", None}


def public_doors(plan: Plan) -> list[str]:
    """Return what the Internet could reach."""
    shut = ("azurerm_function_app_flex_consumption", "azurerm_storage_account", "azurerm_key_vault")
    found = [
        each["address"] for kind in shut for each in resources(plan, kind) if each["public_network_access_enabled"]
    ]
    found += [
        each["address"]
        for kind in ("azurerm_application_insights", "azurerm_log_analytics_workspace")
        for each in resources(plan, kind)
        if each["internet_ingestion_enabled"]
    ]
    addresses = {each["address"] for each in resources(plan, "azurerm_public_ip")}
    return found + sorted(addresses - GATEWAYS - OUTWARD)


def open_rules(plan: Plan) -> list[str]:
    """Return security rules that let in everybody, or let somebody in everywhere."""
    return [
        each["address"]
        for each in resources(plan, "azurerm_network_security_rule")
        if each["access"] == "Allow"
        and each["address"] not in FETCHES
        and any(_ends(each, end) & EVERYBODY for end in ("source", "destination"))
    ]


def _ends(rule: Values, end: str) -> set[str | None]:
    """Return where a rule's flows come from or go to; {None} if it doesn't say."""
    said = {rule[f"{end}_address_prefix"], *(rule[f"{end}_address_prefixes"] or ())}
    return said - {None} or {None}


def unguarded_subnets(plan: Plan) -> list[str]:
    """Return subnets whose last word isn't a refusal, both ways; a gateway's subnet takes no group."""
    refused = {
        (each["network_security_group_name"].rpartition("-network-")[2], each["direction"])
        for each in resources(plan, "azurerm_network_security_rule")
        if (each["access"], each["priority"], each["protocol"]) == ("Deny", 4096, "*")
        and {each["source_address_prefix"], each["destination_address_prefix"]} == {"*"}
    }
    joined = {
        each["address"].split('"')[1] for each in resources(plan, "azurerm_subnet_network_security_group_association")
    }
    names = {each["name"] for each in resources(plan, "azurerm_subnet")} - {"GatewaySubnet"}
    return sorted(name for name in names if name not in joined or {(name, "Inbound"), (name, "Outbound")} - refused)


def keys_that_open(plan: Plan) -> list[str]:
    """Return what a key or a password would open beside identities."""
    found = [
        each["address"]
        for each in resources(plan, "azurerm_storage_account")
        if each["shared_access_key_enabled"] or each["local_user_enabled"]
    ]
    found += [
        each["address"] for each in resources(plan, "azurerm_key_vault") if not each["rbac_authorization_enabled"]
    ]
    found += [
        each["address"]
        for kind in ("azurerm_application_insights", "azurerm_log_analytics_workspace")
        for each in resources(plan, kind)
        if each["local_authentication_enabled"]
    ]
    for app in resources(plan, "azurerm_function_app_flex_consumption"):
        if app["webdeploy_publish_basic_authentication_enabled"] or app["storage_access_key"]:
            found.append(app["address"])
        if app["storage_authentication_type"] != "UserAssignedIdentity" or app["connection_string"]:
            found.append(app["address"])
    return found


def doors_without_tokens(plan: Plan) -> list[str]:
    """Return apps that answer somebody who shows no Entra token of a client that is named."""
    found = []
    for app in resources(plan, "azurerm_function_app_flex_consumption"):
        for auth in app["auth_settings_v2"] or [{}]:
            asked = auth.get("auth_enabled") and auth.get("require_authentication")
            refuses = auth.get("unauthenticated_action") == "Return401"
            if not (asked and refuses and app["https_only"]) or set(auth["excluded_paths"]) - {"/api/health"}:
                found.append(app["address"])
    return found


RULES = (public_doors, open_rules, unguarded_subnets, keys_that_open, doors_without_tokens)
