"""GET /differences: shadow mode's page: what the old services answered otherwise than ours, by fault."""

from typing import ClassVar

from functions.backoffice.pages import page
from shared.calls import Calls
from shared.http.models import Answer, View
from shared.values.clock import Timestamp


class Sighting(View):
    """One sighting: where, when, and what was seen."""

    where: str
    found_at: Timestamp
    example: dict[str, str | int | None]


class Fault(View):
    """One of the old receivers' faults (0: whatever else differs): how often it was seen, the newest examples."""

    fault: int
    about: str
    count: int
    examples: list[Sighting]


class Compared(View):
    """legacy_checkout's answer."""

    shadowed: list[str]
    items: list[Fault]


class Differences(Answer):
    """All faults; `shadowed` are the receivers whose calls are passed on."""

    shadowed: list[str]
    items: list[Fault]

    _template: ClassVar[str] = "differences.html"

    def to_html(self) -> str:
        """Write the page: what was seen first, then what was not."""
        seen = [each for each in self.items if each.count]
        unseen = [each for each in self.items if not each.count]
        return page(self._template, shadowed=self.shadowed, seen=seen, unseen=unseen, notice=None)


def show_differences(call: Calls) -> Differences:
    """Ask legacy_checkout what it found in 30 days."""
    found = call.get("legacy_checkout", "/differences", Compared)
    return Differences(shadowed=found.shadowed, items=found.items)
