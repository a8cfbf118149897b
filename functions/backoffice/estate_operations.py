"""The laptop's estate, asked by its own routes below `/-/`."""

from collections.abc import Sequence
from typing import Any

import requests

from functions.backoffice.deliveries import DeadLetter, Effects
from functions.backoffice.operations import Operations
from shared.errors import CallFailed
from shared.settings import Settings

_PATIENCE_S = 10.0


class EstateOperations(Operations):
    """Asks as the operator who is signed in: on a laptop the estate gives anybody that operator's token."""

    def __init__(self, settings: Settings) -> None:
        self._estate = settings.estate

    def effects(self, order_id: str) -> Effects | None:
        """Return what an order led to, or None."""
        answer = self._ask("GET", f"/-/effects/{order_id}")
        return None if answer.status_code == requests.codes.not_found else Effects.model_validate(_body(answer))

    def dead_letters(self) -> Sequence[DeadLetter]:
        """Return what subscriptions gave up, the oldest first."""
        items = _body(self._ask("GET", "/-/dead-letters"))["items"]
        return [DeadLetter.model_validate(item) for item in items]

    def replay(self, letter_ids: Sequence[str]) -> int:
        """Send these to their subscriptions again."""
        who = "/computeMetadata/v1/instance/service-accounts/operator/identity"
        token = self._ask("GET", who, params={"audience": self._estate}, headers={"Metadata-Flavor": "Google"})
        answer = self._ask(
            "POST",
            "/-/dead-letters/replay",
            json={"ids": list(letter_ids)},
            headers={"Authorization": f"Bearer {token.text}"},
        )
        return int(_body(answer)["replayed"])

    def _ask(self, method: str, path: str, **request: Any) -> requests.Response:
        try:
            return requests.request(method, f"{self._estate}{path}", timeout=_PATIENCE_S, **request)
        except requests.RequestException as error:
            raise CallFailed("the estate does not answer") from error


def _body(answer: requests.Response) -> Any:
    if not answer.ok:
        raise CallFailed(f"the estate answered {answer.status_code}")
    return answer.json()
