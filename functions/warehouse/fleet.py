"""Our own fleet behind the Carrier port: rates of `fleet.json`, derived tracking numbers, drivers who post scans."""

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from functions.warehouse.carrier import Booked, Carrier, CarrierRefused, Consignment, Rate, Sighting
from functions.warehouse.tracking import tracking_number
from shared.values.money import Money, total


@lru_cache
def _table() -> Any:
    return json.loads((Path(__file__).parent / "fleet.json").read_text(encoding="utf-8"))


class Fleet(Carrier):
    """Vans and lorries; nothing leaves this process."""

    name: ClassVar[str] = "fleet"

    def rates(self, consignment: Consignment) -> list[Rate]:
        """Return the one rate: per parcel, and per started kilogram of each."""
        row = _table()["rates"][consignment.fulfilment]
        domestic = consignment.recipient.country == consignment.sender.address.country
        tariff, currency = row["domestic" if domestic else "abroad"], _table()["currency"]
        each, per_kg = Money.of(tariff["per_parcel"], currency), Money.of(tariff["per_kg"], currency)
        price = total([each + per_kg * -(-package.weight_g // 1000) for package in consignment.packages], currency)
        return [Rate(_rate_id(row), row["carrier"], row["service"], price, tariff["days"])]

    def book(self, consignment: Consignment, rate_id: str, since: datetime) -> Booked:
        """Give it its number, which is the same whenever it is asked for."""
        row = _table()["rates"][consignment.fulfilment]
        if rate_id != _rate_id(row):
            raise CarrierRefused(f"our fleet's rate for {consignment.fulfilment} shipments is {_rate_id(row)}")
        return Booked(row["carrier"], tracking_number(row["carrier"], consignment.reference))

    def track(self, carrier: str, tracking_number: str) -> list[Sighting]:
        """Return nothing: drivers tell by themselves (`POST /scans`)."""
        return []


def _rate_id(row: dict[str, Any]) -> str:
    return f"{row['carrier']}-{row['service']}"
