"""What the warehouse's people do in a day, for the suite that reads every answer."""

import base64
import json
from pathlib import Path
from typing import Any

from tests.in_process import InProcess

SAMPLES = Path(__file__).parents[3] / "shared" / "events" / "samples"


def live(estate: InProcess) -> None:
    """Use every route of warehouse that the plain order's way doesn't."""
    receive_a_return(estate)


def push(estate: InProcess, service: str, function: str, sample: dict[str, Any]) -> None:
    data = base64.b64encode(json.dumps(sample).encode()).decode()
    attributes = {f"ce-{name}": sample[name] for name in ("id", "type", "source", "time", "subject")}
    message = {"data": data, "attributes": attributes, "messageId": "1"}
    assert estate.ask("operator", "POST", f"/{service}/events/{function}", {"message": message}).status == 204


def receive_a_return(estate: InProcess) -> None:
    sample = json.loads((SAMPLES / "order.return_authorized.json").read_text())
    push(estate, "warehouse", "expect_return", sample)
    path = f"/warehouse/returns/{sample['data']['return_id']}/receive"
    mug = {"sku": sample["data"]["lines"][0]["sku"], "quantity": 1, "disposition": "quarantine"}
    for quantity in (2, 1, 1):
        estate.post(path, {"by": "joe", "location": "reno-us", "lines": [{**mug, "quantity": quantity}]})
    estate.ask("operator", "GET", f"/warehouse/returns?order_id={sample['data']['order_id']}")
