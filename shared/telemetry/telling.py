"""Tells what an invocation was, in the log and among the recorded spans, as soon as what it tells is so.

Outside a batch that is when it has ended: its commits are safe then. An invocation of a batch is held until the batch
has settled, and told before the broker hears of it. A process that is killed before has told of nothing that did not
happen; one that is killed between the commit and the telling leaves an effect without a line, and the next attempt
says `suppressed`. So no event's effect is told twice.
"""

from functools import lru_cache

from shared.settings import Settings
from shared.telemetry.about import APPLIED, IN_DOUBT
from shared.telemetry.log import completed
from shared.telemetry.spans import REFUSED, Ended, Spans, spans_of


class Telling:
    """One process's, for all its services."""

    def __init__(self, spans: Spans | None) -> None:
        self._spans = spans

    def tell(self, ended: Ended) -> None:
        """Tell one invocation; its span is written with the next `flush`."""
        own, known, method, status, _, _, ms = ended
        completed(own, known, method, status, ms)
        if self._spans is not None:
            self._spans.add(ended)

    def tell_held(self, held: list[Ended], settled: bool) -> None:
        """Tell the invocations of a batch, in their order, and write their spans.

        Where work was done again for another writer, what was said then counts. Of what did not settle only the next
        attempt knows whether it is there: parts may be.
        """
        for ended in held:
            _, known, method, status, *_ = ended
            if status < REFUSED and method != "GET":
                if not settled:
                    known["effect"] = IN_DOUBT
                elif "subscription" in known:
                    known.setdefault("effect", APPLIED)
            self.tell(ended)
        self.flush()

    def flush(self) -> None:
        """Write the spans of what was told."""
        if self._spans is not None:
            self._spans.flush()


def telling(settings: Settings) -> Telling:
    """Return this process's, which writes where these settings say."""
    return _telling(spans_of(settings))


@lru_cache(maxsize=4)
def _telling(spans: Spans | None) -> Telling:
    return Telling(spans)
