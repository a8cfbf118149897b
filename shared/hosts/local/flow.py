"""Draws the flow of an order from the rows: services by network, calls solid, events dotted over their topics.

`page` is `docs/flow.md`; `readme` is README.md with the condensed picture between its two markers.
"""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from shared.manifest import Manifest, ServiceRow

OPEN, CLOSE = "<!-- flow: written by make docs -->", "<!-- /flow -->"
_STOREFRONT = "gke-checkout"

_INTRODUCTION = """# How an order flows

Generated from `triggers/` by `make docs`.

The customer waits only for the solid lines that leave checkout. **checkout** asks crm who the customer is while
inventory and furniture set the goods aside, has pricing price them, payment name the card, fraud judge the order and
payment set the money aside; then it makes the reservations firm, commits the order with its event, and answers. If
anything says no on the way, what was begun is undone by the same keys.

The dotted lines follow by themselves. **warehouse** plans shipments where the goods lie, **accounting** drafts the
invoice, **notification** writes to the customer, **order_management** opens the order's life. When people dispatch a
shipment, inventory and furniture book the goods out, **payment** takes the money for what left, accounting posts and
numbers the invoice; when it is delivered, accounting recognises the revenue. An order that fraud wants reviewed is
held: goods and money stay set aside until a person approves or rejects it, and shipping starts only then.
"""

_LEFT_OUT = """Left out of the picture, because they would cross all of it: the lines of **data_warehouse**, which hears
every event and asks every service for its control totals; topics that only it hears; the storefront's reading routes;
and `operator`, a person on duty, who may call most routes.
"""


def page(rows: Manifest) -> str:
    """Return `docs/flow.md`: the whole picture, every event type with its listeners, every call."""
    parts = (_INTRODUCTION, _mermaid(_picture(rows)), _LEFT_OUT, _events(rows), _calls(rows))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def readme(rows: Manifest, path: Path) -> str:
    """Return the text of a file with the condensed picture between its markers; ValueError if they are not there."""
    before, opened, rest = path.read_text("utf-8").partition(OPEN)
    _, closed, after = rest.partition(CLOSE)
    if not opened or not closed:
        raise ValueError(f"{path.name} needs the markers {OPEN} and {CLOSE}")
    return f"{before}{OPEN}\n{_mermaid(_condensed(rows))}\n{CLOSE}{after}"


def _mermaid(lines: Iterable[str]) -> str:
    return "\n".join(("```mermaid", "flowchart LR", *lines, "```"))


def _picture(rows: Manifest) -> Iterator[str]:
    for network, row in rows.networks.networks.items():
        inside = [name for name, service in rows.services.items() if service.network == network]
        inside += [_STOREFRONT] if rows.networks.callers[_STOREFRONT].network == network else []
        yield f'  subgraph net_{_id(network)}["network {network}, reached by {_words(row.reached_by)}"]'
        yield from (f'    {_id(name)}["{_label(rows, name)}"]' for name in inside)
        yield "  end"
    yield from _solid(rows)
    for topic, (publishers, listeners) in _topics(rows).items():
        yield f"  {_id(topic)}({topic})"
        yield f"  {' & '.join(publishers)} -.-> {_id(topic)}"
        yield f"  {_id(topic)} -.-> {' & '.join(listeners)}"


def _condensed(rows: Manifest) -> Iterator[str]:
    """Networks and listeners become words: that halves the lines. What takes the old checkout's calls is left out."""
    for name, service in rows.services.items():
        network = rows.networks.networks[service.network]
        if network.reached_by != "vpc":
            yield f'  {name}["{name}<br/>by {_words(network.reached_by)}"]'
        elif _hears_all(service):
            yield f'  {name}["{_label(rows, name)}"]'
    yield from _solid(rows, ("legacy_checkout",))
    for topic, (publishers, listeners) in _topics(rows).items():
        yield f'  {_id(topic)}("{topic} to<br/>{_wrapped(listeners)}")'
        yield f"  {' & '.join(publishers)} -.-> {_id(topic)}"


def _wrapped(names: list[str]) -> str:
    return ",<br/>".join(", ".join(names[at : at + 2]) for at in range(0, len(names), 2))


def _words(name: str) -> str:
    return name.upper() if len(name) == 3 else name.replace("_", " ")


def _label(rows: Manifest, name: str) -> str:
    service = rows.services.get(name)
    return f"{name}<br/>hears every event" if service and _hears_all(service) else name


def _hears_all(service: ServiceRow) -> bool:
    """Whether a service hears every event; its lines would cross the whole picture, so they are words."""
    return any("*" in row.event for row in service.functions.values())


def _drawn(rows: Manifest) -> dict[str, ServiceRow]:
    return {name: row for name, row in rows.services.items() if not _hears_all(row)}


def _solid(rows: Manifest, without: Collection[str] = ()) -> Iterator[str]:
    services = _drawn(rows)
    for caller in (_STOREFRONT, *(name for name in services if name not in without)):
        called = [name for name, row in services.items() if _draws(caller, row)]
        if called:
            yield f"  {_id(caller)} --> {' & '.join(called)}"


def _draws(caller: str, service: ServiceRow) -> bool:
    """Whether a caller has a line to a service; the storefront only where it gives an order its way."""
    if caller != _STOREFRONT:
        return caller in service.callers
    return any(row.idempotency == "required" for row in service.functions.values() if caller in row.callers)


def _topics(rows: Manifest) -> dict[str, tuple[list[str], list[str]]]:
    """Return who publishes to each topic and who listens; topics that nobody drawn listens to are left out."""
    found, services = {}, _drawn(rows)
    for topic in rows.topics.topics:
        publishers = [name for name, row in services.items() if topic in map(rows.topics.of, row.publishes)]
        heard = {each.service for each in rows.subscriptions() if each.topic == topic and not each.raw}
        if listeners := sorted(heard & services.keys()):
            found[topic] = (publishers, listeners)
    return found


def _events(rows: Manifest) -> str:
    lines = ["## Events", "", "| event | topic | published by | heard by |", "| --- | --- | --- | --- |"]
    for service in rows.services.values():
        for kind in sorted(service.publishes):
            heard = [
                f"{name}.{function}"
                for name, row in rows.services.items()
                for function, each in row.functions.items()
                if kind in each.event and not each.raw
            ]
            lines.append(f"| `{kind}` | {rows.topics.of(kind)} | {service.service} | {', '.join(heard) or '-'} |")
    return "\n".join(lines)


def _calls(rows: Manifest) -> str:
    lines = ["## Calls between services", "", "| service | route | called by |", "| --- | --- | --- |"]
    for service in rows.services.values():
        for row in service.functions.values():
            callers = [caller for caller in row.callers if caller in rows.services]
            if callers:
                lines.append(f"| {service.service} | `{row.http}` | {', '.join(callers)} |")
    return "\n".join(lines)


def _id(name: str) -> str:
    """Return a name as Mermaid takes it."""
    return name.replace("-", "_")
