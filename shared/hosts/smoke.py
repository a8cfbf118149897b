"""python -m shared.hosts.smoke: ask every service how it is, and checkout for a quote; 1 if one did not.

Runs inside the estate's networks as the operator (docs/operators-guide.md). Nothing is ordered: a quote has no effect.
"""

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from shared.calls.tokens import connect_tokens
from shared.settings import Settings, settings
from shared.values.clock import utc_now

PATIENCE_S = 15.0
Ask = Callable[[str, str, bytes | None], int]
"""Asks a service (its base URL) for a path, with a body by POST; returns the status, 0 if nobody answers."""

QUOTE = {
    "customer": {"email": "smoke@example.com", "first_name": "Smoke", "last_name": "Test"},
    "currency": "USD",
    "items": [{"sku": "OLJCESPC7Z", "quantity": 1}],
    "shipping_address": {
        "street_address": "1600 Amphitheatre Parkway",
        "city": "Mountain View",
        "state": "CA",
        "country": "US",
        "zip_code": "94043",
    },
}


def smoke(addresses: Mapping[str, str], ask: Ask, rounds: int) -> list[str]:
    """Ask all services in rounds; return what went wrong, one line each."""
    wrong: dict[str, int] = {}
    for _ in range(rounds):
        asked: dict[str, tuple[str, str, bytes | None]] = {
            f"GET {service}/health": (address, "/health", None) for service, address in addresses.items()
        }
        if "checkout" in addresses:
            asked["POST checkout/quotes"] = (addresses["checkout"], "/quotes", json.dumps(QUOTE).encode())
        for name, request in asked.items():
            status = ask(*request)
            if not 200 <= status < 300:
                wrong[f"{name}: {status}"] = wrong.get(f"{name}: {status}", 0) + 1
    return [f"{what}, {times} of {rounds} times" for what, times in wrong.items()]


def asking(own: Settings) -> Ask:
    """Return what asks over HTTPS with the operator's tokens."""
    tokens = connect_tokens("operator", own, utc_now)

    def ask(address: str, path: str, body: bytes | None) -> int:
        headers = {"Authorization": f"Bearer {tokens.token(address)}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{address}{path}", body, headers)  # noqa: S310  (the URL is a setting)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0

    return ask


def main() -> int:
    """Ask the services whose addresses the settings have."""
    parser = argparse.ArgumentParser(prog="python -m shared.hosts.smoke")
    parser.add_argument("--rounds", type=int, default=1)
    rounds = parser.parse_args().rounds
    wrong = smoke(settings().addresses, asking(settings()), rounds)
    sys.stdout.write("".join(f"{line}\n" for line in wrong) or "all answered\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
