"""docs/reachability.md: every flow and what becomes of it, by the plans of prod, in words, tables and a picture."""

from collections.abc import Iterable, Iterator
from textwrap import fill

from tests.terraform.reachability.doors import FRONT, Door
from tests.terraform.reachability.estate import Estate, Flow
from tests.terraform.reachability.picture import picture
from tests.terraform.reachability.requirements import REQUIREMENTS, Requirement

_OPENING = """# Who reaches whom

Generated from the plans of both stacks for prod by `python -m tests.terraform.reachability`; a test holds it current.

Terraform plans both clouds without a network (`tests/terraform/offline`). From what it would make (VPCs, peerings,
Private Service Connect, tunnels, routes, firewalls, security groups, private names, ingress, IAM, Entra)
`tests/terraform/reachability` works out for every caller and every service whether a connection arrives and whether it
is let in, and compares that with the `callers` of `triggers/`: **{edges} edges have their way, and of {flows} flows no
other is allowed, but {tokenless} to a service that asks nobody for a token ({services}).**
"""
_READING = """`●` is allowed. `○` arrives at the service and is refused there, by IAM or Entra. `·` does not arrive."""
_LIMITS = """## What this does not show

* It is worked out from plans, by the clouds' documented rules; no packet was sent. On an estate that stands, Google's
  Connectivity Tests and Azure's Network Watcher ask the clouds themselves.
* At Cloud Run's own name (`*.run.app`, at private.googleapis.com) every VPC of the project arrives at Google's front
  end, whatever our firewalls say of the services behind it, and IAM alone decides. crm, inventory and furniture have
  that door too, because Pub/Sub and Cloud Scheduler push to it. Callers' networks have no name for it, but a name is no
  wall: whoever wants more than IAM there gives these services projects of their own, or VPC Service Controls.
* A service whose row says `admits: network` has IAM's check switched off: whatever runs in a network of the project
  gets in, other pods and services too, and nobody from outside. Its row says why; it should go when that reason does.
* Pods of the cluster share a network, so the firewall can't tell the checkout from another pod: that one arrives, and
  has no account that IAM knows. A NetworkPolicy in the cluster is the cluster's own to set.
* With `serverless_access = "connector"` services share the connector's machines; then the firewall knows callers no
  longer from others of their network, and IAM alone does.
* Fraud's deployment (`*.scm.azurewebsites.net`) answers at its private endpoint as well, to whom Azure's roles on the
  app allow it: an agent, or a person on duty, who has no such role as Google's `operator`.
* A caller of fraud fetches its Entra token at login.microsoftonline.com, over the Internet by address translation. No
  business data goes there.
"""


def page(estate: Estate) -> str:
    """Return the whole page."""
    others = [each for each in estate.flows if each.allowed and (each.caller, each.service) not in estate.edges]
    opening = _OPENING.format(
        edges=len(estate.edges),
        flows=len(estate.flows),
        tokenless=len(others),
        services=", ".join(sorted({each.service for each in others})) or "there is none",
    )
    parts = [opening, picture(estate), *(_section(estate, each) for each in REQUIREMENTS), _all(estate), _LIMITS]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _section(estate: Estate, requirement: Requirement) -> str:
    flows = [each for each in estate.flows if requirement.concerns(estate, each.caller, each.service)]
    rows = [f"| {callers} | {services} | {said} |" for callers, services, said in _grouped(flows)]
    head = ["| from | to | what becomes of it |", "| --- | --- | --- |"]
    return "\n".join([f"## {requirement.title}", "", fill(" ".join(requirement.words.split()), 120), "", *head, *rows])


def _grouped(flows: Iterable[Flow]) -> Iterator[tuple[str, str, str]]:
    """One row for callers to whom the same happens at a service, then for services where the same happens to them."""
    by_service: dict[tuple[str, str], list[str]] = {}
    for flow in flows:
        by_service.setdefault((flow.service, said(flow)), []).append(flow.caller)
    merged: dict[tuple[str, str], list[str]] = {}
    for (service, words), callers in by_service.items():
        merged.setdefault((", ".join(callers), words), []).append(service)
    for (callers, words), services in sorted(merged.items(), key=lambda each: not each[0][1].startswith("**")):
        yield callers, ", ".join(services), words


def said(flow: Flow) -> str:
    """Say in words what becomes of a flow."""
    ways = flow.private or flow.open
    if flow.allowed:
        return f"**allowed**: {', '.join(map(_door, ways))}"
    closed = [f"{kind}: {why}" for kind, why in _nearest(flow).items() if kind not in {door.kind for door in flow.open}]
    arrives = [
        f"{kind}: arrives, and is refused: {flow.refused}" for kind in dict.fromkeys(each.kind for each in flow.open)
    ]
    return "refused. " + ". ".join(each[0].upper() + each[1:] for each in (*arrives, *closed)) + "."


def _door(door: Door) -> str:
    return door.kind if door.kind == FRONT else f"{door.kind} at {door.address}"


def _nearest(flow: Flow) -> dict[str, str]:
    """Of the doors of a kind, the one that least stands before."""
    found: dict[str, str] = {}
    for door, why in sorted(flow.shut, key=lambda each: (each[1].count(";"), str(each[0].address))):
        found.setdefault(door.kind, why)
    return found


def _all(estate: Estate) -> str:
    services = list(estate.services)
    rows = []
    for caller in estate.callers:
        marks = [" " if caller == service else _mark(estate.flow(caller, service)) for service in services]
        rows.append(f"| {caller} | {' | '.join(marks)} |")
    head = [f"| from \\ to | {' | '.join(services)} |", f"| --- |{' :-: |' * len(services)}"]
    return "\n".join(["## Every flow", "", _READING, "", *head, *rows])


def _mark(flow: Flow) -> str:
    return "●" if flow.allowed else "○" if flow.open else "·"
