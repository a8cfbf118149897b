"""Stripe's API over HTTP: forms in, JSON out, and what each way of failing means.

Not tried against Stripe itself: written after its API reference of version 2024-06-20
(https://docs.stripe.com/api, /error-low-level, /api/idempotent_requests).
"""

import logging
from dataclasses import dataclass
from threading import local
from typing import Any

import requests

from functions.payment.gateway import GatewayTimeout, GatewayUnavailable
from shared.settings import Settings

log = logging.getLogger(__name__)

VERSION = "2024-06-20"
TIMEOUT_S = (3.05, 10)
"""To connect, and to answer: half of what this service may take itself."""

Form = dict[str, str]


@dataclass(frozen=True)
class Reply:
    """What Stripe answered with a decision: 200, or 400, 402 or 404 with an error of the request or of the card."""

    status: int
    body: dict[str, Any]

    @property
    def error(self) -> dict[str, Any]:
        """Stripe's error object, empty after a 200."""
        found: dict[str, Any] = self.body.get("error", {})
        return found


class StripeWire:
    """One account at Stripe. GatewayUnavailable: nothing was done; GatewayTimeout: nobody knows."""

    def __init__(self, settings: Settings) -> None:
        self._base, self._thread = settings.stripe, local()
        self._headers = {"Authorization": f"Bearer {settings.stripe_key}", "Stripe-Version": VERSION}

    def post(self, path: str, form: Form, key: str) -> Reply:
        """Do something once: Stripe answers the same for the same key, for a day at least."""
        return self._ask("POST", path, data=form, headers={"Idempotency-Key": key})

    def get(self, path: str, query: Form | None = None) -> Reply:
        """Read something."""
        return self._ask("GET", path, params=query)

    def _session(self) -> requests.Session:
        """Return this thread's connections."""
        if not hasattr(self._thread, "session"):
            self._thread.session = requests.Session()
            self._thread.session.trust_env = False
            self._thread.session.headers.update(self._headers)
        found: requests.Session = self._thread.session
        return found

    def _ask(self, method: str, path: str, **what: Any) -> Reply:
        try:
            answer = self._session().request(
                method, self._base + path, timeout=TIMEOUT_S, allow_redirects=False, **what
            )
        except requests.ConnectTimeout:
            raise GatewayUnavailable from None
        except requests.RequestException:
            raise GatewayTimeout from None
        if answer.status_code in (401, 403, 429):
            log.error("stripe refuses to work: %s", answer.status_code)
            raise GatewayUnavailable
        if answer.status_code not in (200, 400, 402, 404):  # 409: the same key is being worked on; 5xx: who knows
            raise GatewayTimeout
        try:
            body = answer.json()
        except requests.JSONDecodeError:
            raise GatewayTimeout from None
        reply = Reply(answer.status_code, body)
        if reply.error.get("type") == "idempotency_error":
            log.error("stripe knows a key with another request")
            raise GatewayUnavailable
        return reply
