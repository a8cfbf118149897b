"""What is wrong with the ways: each finding names its rule and the caller, service or network that it is about."""

from collections.abc import Callable, Iterator

from tests.terraform.reachability.doors import ATTACHMENT, FRONT, PUBLIC
from tests.terraform.reachability.estate import AGENT, POD, Estate
from tests.terraform.reachability.names import called, leads_to
from tests.terraform.reachability.ways import peered

NETWORK_ADMITTED = {
    "legacy_checkout": "Pods of the old checkout bring no tokens; they are known by their network, as its row says."
}
"""The services that ask nobody for a token, and why; no other may."""
ROUTED = ("internal_load_balancer", "peering", "vpn")
"""Ways of networks.yaml for which two networks have routes to each other; others need none."""

Found = Iterator[str]


def edge_without_a_way(estate: Estate) -> Found:
    """Every edge of the map gets to a door of its service's own network, and is let in."""
    for caller, service in sorted(estate.edges):
        flow = estate.flow(caller, service)
        apart = estate.rows.networks.networks[estate.rows.services[service].network].reached_by != "vpc"
        if flow.refused is not None:
            yield f"{caller} -> {service}: {flow.refused}"
        elif not (flow.private if apart else flow.open):
            yield f"{caller} -> {service}: {'; '.join(why for _, why in flow.shut) or 'there is no door'}"


def way_without_an_edge(estate: Estate) -> Found:
    """Nobody gets in whom the map does not name."""
    for flow in estate.flows:
        if flow.allowed and (flow.caller, flow.service) not in estate.edges and flow.service not in NETWORK_ADMITTED:
            yield f"{flow.caller} -> {flow.service}: gets in by {', '.join(sorted({each.kind for each in flow.open}))}"


def arrival_without_an_edge(estate: Estate) -> Found:
    """Nobody even gets to a private door whom the map does not name, but pods of a caller's cluster, and agents."""
    for flow in estate.flows:
        expected = flow.caller == POD or (flow.caller, flow.service) == (AGENT, "fraud")
        if flow.private and not expected and (flow.caller, flow.service) not in estate.edges:
            yield f"{flow.caller} -> {flow.service}: arrives at its {flow.private[0].kind}"


def public_door(estate: Estate) -> Found:
    """No service answers at a public address."""
    for door in estate.doors:
        if door.kind == PUBLIC:
            yield f"{door.service}: answers the Internet"


def endpoint_without_a_caller(estate: Estate) -> Found:
    """Private Service Connect leads one way: from networks with callers to the service that publishes."""
    for door in estate.doors:
        callers = {estate.callers[caller].network for caller, service in estate.edges if service == door.service}
        if door.kind == ATTACHMENT and door.network not in callers:
            yield f"{door.network}: has an endpoint of {door.service}, which nobody there calls"


def route_beyond_the_map(estate: Estate) -> Found:
    """Networks have routes to each other only where somebody calls; nobody hands on a route."""
    wanted = {
        frozenset((estate.callers[caller].network, estate.rows.services[service].network))
        for caller, service in estate.edges
        if estate.rows.networks.networks[estate.rows.services[service].network].reached_by in ROUTED
    }
    google = estate.places.google
    for one in google:
        for other in google:
            if one < other and peered(google, one, other) and frozenset((one, other)) not in wanted:
                yield f"{one} and {other}: are peered, and nobody calls"
        for other, passes_on in google[one].tells.items():
            if passes_on and google[other].learns_of.get(one):
                yield f"{one} to {other}: hands on routes that it learnt elsewhere"
        if google[one].tunnels and frozenset((one, "azure")) not in wanted:
            yield f"{one} and azure: are joined by a tunnel, and nobody calls"


def azure_is_told_too_much(estate: Estate) -> Found:
    """Azure hears only of ranges that its callers, and Google's resolver, are in."""
    callers = {caller for caller, service in estate.edges if estate.rows.services[service].runs_on != "cloud_run"}
    places = [estate.callers[caller].address for caller in callers]
    resolver = estate.rows.networks.ranges["google_dns"].cidr
    for network in estate.places.google.values():
        for told in network.advertised:
            if str(told) != resolver and not any(place in told for place in places if place):
                yield f"{told}: is told to Azure, and no caller of Azure is there"
            if any(door.address in told for door in estate.doors if door.network in estate.places.google):
                yield f"{told}: is told to Azure, and has a door of Google's side"


def name_that_leads_nowhere(estate: Estate) -> Found:
    """The name that callers call leads, in their network, to a door that is open to them."""
    for caller, service in sorted(estate.edges):
        network = estate.callers[caller].network
        host = called(estate, service)
        found = leads_to(estate.plan, str(network), host)
        flow = estate.flow(caller, service)
        if not found & {door.address for door in flow.open}:
            yield f"{caller} -> {service}: {host} leads to {sorted(map(str, found)) or 'nothing'} in {network}"


def another_name_of_a_private_service(estate: Estate) -> Found:
    """A service in a network of its own has no name under run.app in its callers' networks."""
    for name, resource in estate.services.items():
        if estate.rows.networks.networks[estate.rows.services[name].network].reached_by == "vpc":
            continue
        for record in estate.plan.of("google_dns_record_set"):
            if record["name"].startswith(f"{resource.name}-") and record["name"].endswith(".run.app."):
                yield f"{name}: {record['name']} is a way around its {FRONT}"


def token_that_is_not_asked_for(estate: Estate) -> Found:
    """Who admits by network is on the list, with the reason that its row gives."""
    for name, resource in estate.services.items():
        admits = getattr(estate.rows.services[name], "admits", "tokens")
        if bool(resource.get("invoker_iam_disabled")) != (admits == "network"):
            yield f"{name}: its row admits by {admits}, the plan does not"
        if resource.get("invoker_iam_disabled") and name not in NETWORK_ADMITTED:
            yield f"{name}: asks nobody for a token"


def token_that_nobody_checked(estate: Estate) -> Found:
    """A service believes a token without signature only if IAM stands before it, and nothing else does."""
    for name, resource in estate.services.items():
        if estate.rows.services[name].runs_on != "cloud_run":
            continue
        (container,) = resource["template"][0]["containers"]
        said = {each["name"]: each["value"] for each in container["env"]}
        guarded = not resource.get("invoker_iam_disabled") and not resource.get("iap_enabled")
        if said.get("BOUTIQUE_IAM_CHECKS_TOKENS") == "true" and not guarded:
            yield f"{name}: believes tokens that IAM has not checked"


RULES: tuple[Callable[[Estate], Found], ...] = (
    edge_without_a_way,
    way_without_an_edge,
    arrival_without_an_edge,
    public_door,
    endpoint_without_a_caller,
    route_beyond_the_map,
    azure_is_told_too_much,
    name_that_leads_nowhere,
    another_name_of_a_private_service,
    token_that_is_not_asked_for,
    token_that_nobody_checked,
)


def findings(estate: Estate) -> list[str]:
    """Return everything that is wrong, as "rule: what"."""
    return [f"{rule.__name__}: {each}" for rule in RULES for each in rule(estate)]
