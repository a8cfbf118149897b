"""What an order would cost on Cloud Run, estimated from the CPU and requests measured here. Assumptions are named."""

from dataclasses import dataclass
from decimal import Decimal

VCPU_SECOND = Decimal("0.000024")
GIB_SECOND = Decimal("0.0000025")
MILLION_REQUESTS = Decimal("0.40")
SOURCE = (
    "https://cloud.google.com/run/pricing (Tier 1 regions, request-based billing, USD, as known in November 2026, "
    "free tier left out)"
)
MEMORY_GIB = Decimal("0.5")
"""What the rows of triggers/ give most services."""
USE = Decimal("0.5")
"""Assumed: the share of an instance's billed time in which its vCPU works for us; the rest waits for other services."""
CALLS = 14
"""Requests that are no deliveries: checkout's own; its eight (customer, products, reservation, prices, card, score,
authorization, firming); the consumers' three (reservation, billing profile,
transaction for fraud); dispatch and delivery."""


@dataclass(frozen=True)
class Cost:
    """USD per 1,000 orders."""

    cpu: Decimal
    memory: Decimal
    requests: Decimal

    @property
    def total(self) -> Decimal:
        """All three."""
        return self.cpu + self.memory + self.requests


def cost(cpu_ms: float, deliveries: float) -> Cost:
    """Return what 1,000 orders of `cpu_ms` CPU and `deliveries` pushes each cost, at the assumed use."""
    billed_s = Decimal(str(round(cpu_ms, 3))) / USE  # ms an order are seconds per 1,000 orders
    requests = Decimal(str(round(deliveries + CALLS, 2))) * 1000
    return Cost(billed_s * VCPU_SECOND, billed_s * MEMORY_GIB * GIB_SECOND, requests / 1_000_000 * MILLION_REQUESTS)
