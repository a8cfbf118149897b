"""What every service counted between two moments: its control totals, what it heard, and the stock."""

from collections import Counter
from dataclasses import dataclass, field

from shared.hosts.local.demo.answers import written
from shared.hosts.local.demo.books import Stock, SubscriptionState
from shared.hosts.local.demo.orders import Basket
from shared.hosts.local.demo.shop import Shop
from shared.manifest import Manifest
from shared.values.money import Money


@dataclass(frozen=True)
class Counted:
    """The estate's numbers at one moment."""

    totals: dict[str, dict[str, int]] = field(default_factory=dict)
    heard: Counter[str] = field(default_factory=Counter)
    """Deliveries by service."""
    retried: int = 0
    dead: int = 0
    stock: dict[str, Stock] = field(default_factory=dict)


def count(operator: Shop, rows: Manifest, baskets: list[Basket]) -> Counted:
    """Ask every service that has control totals, the broker, and the stock of the baskets' SKUs."""
    routes = {name: row.functions.get("report_control_totals") for name, row in rows.services.items()}
    states = operator.items("/-/subscriptions", SubscriptionState)
    heard: Counter[str] = Counter()
    for state in states:
        heard[state.service] += state.delivered
    skus = {sku for basket in baskets for sku in basket.pieces}
    return Counted(
        {name: operator.totals(f"/{name}{row.path}") for name, row in routes.items() if row},
        heard,
        sum(state.retried for state in states),
        sum(state.dead_lettered for state in states),
        {sku: operator.get(f"/{ledger(sku)}/stock/{sku}", Stock) for sku in sorted(skus)},
    )


def ledger(sku: str) -> str:
    """Return the service that keeps the stock of a SKU."""
    return "furniture" if sku.startswith("FURN-") else "inventory"


class Change:
    """What changed between two counts."""

    def __init__(self, before: Counted, after: Counted) -> None:
        self.before, self.after = before, after

    def of(self, service: str, name: str) -> int:
        """Return by how much one control total grew."""
        totals = (counted.totals.get(service, {}).get(name, 0) for counted in (self.before, self.after))
        earlier, later = totals
        return later - earlier

    def money(self, service: str, name: str) -> str:
        """Return by how much amounts grew, one per currency: `57.51 USD and 10.00 EUR`."""
        grown = self.minor(service, name)
        return " and ".join(written(Money(currency, minor)) for currency, minor in grown.items()) or "nothing"

    def minor(self, service: str, name: str) -> dict[str, int]:
        """Return by how much amounts grew, in minor units by currency; currencies without change are left out."""
        named = sorted(key for key in self.after.totals.get(service, {}) if key.startswith(f"{name}."))
        grown = {key.rpartition(".")[2]: self.of(service, key) for key in named if len(key.rpartition(".")[2]) == 3}
        return {currency: minor for currency, minor in grown.items() if minor}

    def heard(self, service: str) -> int:
        """Return how many events were delivered to a service."""
        return self.after.heard[service] - self.before.heard[service]

    def gone(self, service: str) -> int:
        """Return how many pieces left the stock of a service."""
        names = [name for name in self.after.totals.get(service, {}) if name.startswith("movements.")]
        return -sum(self.of(service, name) for name in names)

    def held(self, service: str) -> int:
        """Return how many of the baskets' pieces a service still holds for someone."""
        return sum(stock.reserved for sku, stock in self.after.stock.items() if ledger(sku) == service)
