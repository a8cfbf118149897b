"""`GET /-/effects/{order_id}`: the report as JSON, as text by `Accept: text/plain`; `…/spans` in OTLP."""

import json
import re
from pathlib import Path

from shared.errors import NotFound
from shared.hosts.local.desk import Desk
from shared.hosts.local.effects.lines import recorded
from shared.hosts.local.effects.otlp import otlp
from shared.hosts.local.effects.report import report
from shared.hosts.local.effects.text import text
from shared.hosts.local.estate import Estate
from shared.http.request import Response
from shared.manifest import manifest

_SPANS = "/spans"
_ORDER = re.compile(r"ord_[0-9A-Za-z-]{1,60}")


def answer(path: str, accept: str, estate: Estate, desk: Desk) -> Response:
    """Answer for `{order_id}` or `{order_id}/spans`; NotFound for an order of which nothing is recorded."""
    order_id, folder = path.removesuffix(_SPANS), estate.settings.spans
    if not _ORDER.fullmatch(order_id):
        raise NotFound("an order's id is ord_ and up to 60 letters, digits and hyphens")
    found = report(order_id, recorded(Path(folder), order_id) if folder else [], manifest(), desk)
    if path.endswith(_SPANS):
        return Response(200, json.dumps(otlp(found)).encode())
    if "text/plain" in accept:
        return Response(200, text(found).encode(), "text/plain; charset=utf-8")
    return Response(200, json.dumps(found).encode())
