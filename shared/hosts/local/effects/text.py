"""The report for people: what came of each delivery, and the spans as they nest."""

from collections.abc import Iterator
from typing import Any

from shared.hosts.local.effects.tree import EVENT

Body = dict[str, Any]


def text(report: Body) -> str:
    """Write a report as lines of at most 120 characters or so."""
    return "\n".join([*_head(report), "", *_events(report), "", *_waterfall(report), ""])


def _head(report: Body) -> Iterator[str]:
    counts = report["counts"]
    yield f"order {report['order_id']}, from {report['started_at']}, {_ms(report['duration_ms'])} in all"
    said = [f"{number} {name.replace('_', '-')}" for name, number in counts.items() if number or name == "applied"]
    yield ", ".join(said)
    for number, trace in enumerate(report["traces"]):
        what = "its trace" if number == 0 else "   linked"
        broken = "" if trace["unbroken"] else ", BROKEN: a parent is missing"
        began = f"began with {trace['root']} of {trace['service']}"
        yield f"{what}  {trace['trace_id']}  {trace['spans']:>3} spans, {began}{broken}"


def _events(report: Body) -> Iterator[str]:
    yield "EVENTS     when published after the time that it bears; each delivery: what came of it, how long after that"
    for event in report["events"]:
        yield f"{event['type']}  {event['event_id']}  of {event['service']}, +{_ms(event['publish_ms'])}"
        for each in event["deliveries"]:
            latency = "" if each["latency_ms"] is None else _ms(each["latency_ms"])
            name = each["subscription"].rpartition(".")[0]
            yield f"    {each['state']:<14}{latency:>10}  {name:<42}{_attempts(each['attempts'])}".rstrip()
            if each["dead_letter"]:
                letter = each["dead_letter"]
                yield f"        dead letter {letter['id']}: {letter['error_code']}: {letter['error_detail']}"


def _attempts(attempts: list[Body]) -> str:
    """Say nothing of the usual: one attempt that was applied."""
    if len(attempts) == 1 and attempts[0]["outcome"] == "applied":
        return ""
    return "; ".join(f"{each['attempt'] or '?'}: {each['outcome']}" for each in attempts)


def _waterfall(report: Body) -> Iterator[str]:
    yield "SPANS      begins      takes"
    for span in report["spans"]:
        mark = " azure" if span["cloud"] == "azure" else ""
        attempt = f" (attempt {span['attempt']})" if (span.get("attempt") or 1) > 1 else ""
        name = f"{'  ' * span['depth']}{span['name']}{attempt}"
        times = f"{_ms(span['offset_ms']):>17} {'' if span['kind'] == EVENT else _ms(span['duration_ms']):>10}"
        yield f"{times}  {name:<62} {span['service']}{mark} {span['outcome']}"


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.1f} ms" if milliseconds < 10_000 else f"{milliseconds / 1000:.1f} s"
