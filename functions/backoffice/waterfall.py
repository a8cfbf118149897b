"""The trace of an order as bars: each trace on a scale of its own, for between them may lie hours."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from functions.backoffice.deliveries import Effects, Span, Trace

_LEAST_PERCENT = 0.4
"""A bar is never thinner, or nobody would see it."""
MOST = 20
"""Traces on a page. An order that waits for goods is asked for again every minute, each time in a trace of its own."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A span and where its bar lies, in percent of its trace's width; `since_ms` from the trace's beginning."""

    span: Span
    left: float
    width: float
    since_ms: float


@dataclass(frozen=True, slots=True)
class Chart:
    """One trace: its bars from top to bottom, and the milliseconds that its whole width stands for."""

    trace: Trace
    takes_ms: float
    bars: Sequence[Bar]


def waterfall(effects: Effects) -> list[Chart]:
    """Return a chart for each trace, in the order of the report; one that only read changed nothing and is left out.

    Of more than `MOST`, the latest are returned, and the first: the order's own.
    """
    spans: dict[str, list[Span]] = defaultdict(list)
    for span in effects.spans:
        spans[span.trace_id].append(span)
    acted = [trace for trace in effects.traces if not trace.root.startswith("GET ")]
    shown = acted if len(acted) <= MOST else [acted[0], *acted[1 - MOST :]]
    return [_chart(trace, spans[trace.trace_id]) for trace in shown]


def _chart(trace: Trace, spans: Sequence[Span]) -> Chart:
    begins = min((span.offset_ms for span in spans), default=0.0)
    ends = max((span.offset_ms + (span.duration_ms or 0.0) for span in spans), default=begins)
    whole = (ends - begins) or 1.0
    return Chart(trace, ends - begins, [_bar(span, begins, whole) for span in spans])


def _bar(span: Span, begins: float, whole: float) -> Bar:
    since = span.offset_ms - begins
    width = max((span.duration_ms or 0.0) / whole * 100, _LEAST_PERCENT)
    return Bar(span, round(min(since / whole * 100, 100 - width), 3), round(width, 3), since)
