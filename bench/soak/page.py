"""What a soak found, for people: a table on the terminal's page and in docs/reliability.md."""

import re
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.soak.memory import KINDS
from bench.soak.run import Soak

_SECTION = "<!-- soak: {0} -->\n{1}<!-- end of soak: {0} -->"


def rows(soak: Soak) -> Iterator[tuple[str, str]]:
    """Yield what was counted and how much it is."""
    placed = [each for each in soak.stories if each.order_id]
    refused = Counter(each.answers[0][1]["code"] for each in soak.stories if each.answers and not each.order_id)
    silent = sum(each.answers[0][1]["fraud"]["score"] is None for each in placed)
    deeds = Counter(f"{what} {status}" for each in soak.stories for what, status in each.deeds.items())
    yield "orders wanted, placed", f"{soak.orders}, {len(placed)}"
    yield "refused", _counted(refused)
    yield "submitted twice at once, once more after the answer", ", ".join(_of(soak, "twice at once", "once more"))
    yield "hung up and asked again", f"{soak.met['hung up']} times by {_of(soak, 'hasty')[0]} customers"
    yield "in doubt: not final, asked again with the same key", _counted(_only(soak.met, "409", "5"))
    yield "no answer, asked again with the same key", str(soak.met["no answer"])
    yield "held because fraud was silent, scored later", str(silent)
    yield "deeds and their answers", _counted(deeds)
    yield "`kill -9`, whole again after: median, longest", "; ".join(_recoveries(soak)) or "none"
    told = soak.effects
    yield "pushes answered; failed and tried again", f"{told.pushes}; {told.failed}"
    yield "redeliveries: of an event that its function had before", str(told.again)
    yield "effects applied; suppressed as handled before", f"{told.applied}; {told.suppressed}"
    yield "in doubt, and pushed again: their batch did not settle", str(told.in_doubt)
    yield "dead letters", str(soak.dead_letters)
    yield "served, all at rest after", f"{soak.served_s:.0f} s, {soak.settled_s:.0f} s"
    for moment, seen in soak.held.items():
        if seen:
            what = "; ".join(f"{kind} x {seen[kind].processes}: {seen[kind]}" for kind in KINDS if seen[kind].processes)
            yield f"memory and open files, {moment}", what
    yield "violations", str(len(soak.violations))


def show(soak: Soak) -> None:
    """Print everything."""
    for what, value in rows(soak):
        print(f"{what:60} {value}")
    for wrong in soak.violations[:40]:
        print(f"  {wrong}")


def write(soak: Soak, page: Path, date: str, command: str) -> None:
    """Put the figures into their section of the page."""
    lines = [
        f"{date}, `{command}`, on {soak.machine}.",
        "",
        "| | |",
        "| --- | --- |",
        *(f"| {what} | {value} |" for what, value in rows(soak)),
        *(f"* {wrong}" for wrong in soak.violations),
    ]
    fresh = _SECTION.format(soak.platform, "\n".join([*lines, ""]))
    old = re.compile(_SECTION.format(re.escape(soak.platform), ".*?"), re.DOTALL)
    text = page.read_text("utf-8")
    if not old.search(text):
        raise ValueError(f"{page} has no section for {soak.platform}")
    page.write_text(old.sub(lambda _: fresh, text), "utf-8")


def _counted(found: Counter[str]) -> str:
    return ", ".join(f"{what} {count}" for what, count in sorted(found.items())) or "none"


def _only(met: Counter[str], *starts: str) -> Counter[str]:
    return Counter({what: count for what, count in met.items() if what.startswith(starts)})


def _of(soak: Soak, *kinds: str) -> list[str]:
    counted = Counter(each.customer.kind for each in soak.stories)
    return [str(counted[kind]) for kind in kinds]


def _recoveries(soak: Soak) -> Iterator[str]:
    for victim in dict.fromkeys(each.victim for each in soak.recoveries):
        took = [each.seconds for each in soak.recoveries if each.victim == victim]
        yield f"{victim} {len(took)} times: {statistics.median(took):.1f}, {max(took):.1f} s"
