"""Identity tokens are signed once for each day, caller and audience, and each is verified once in this process.

They are real ones, good for two days; who forgets them, as a new process does, gets the same again, and their time is
always looked at. How they are signed, renewed and checked is tried by `tests/shared/http/` and `tests/shared/calls/`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import shared.calls.signer
from shared.calls.signer import Signer
from shared.http.identity_token import IssuedTokens


def _signed(plain: Callable[[Signer, str, str, datetime], str]) -> Callable[[Signer, str, str, datetime], str]:
    known: dict[tuple[str, str, str, datetime], str] = {}
    keys: dict[str, Any] = {}

    def token(self: Signer, caller: str, audience: str, now: datetime) -> str:
        since = now.replace(hour=0, minute=0, second=0, microsecond=0)
        key = (self._key_id, caller, audience, since)
        if key not in known:
            self._key = keys.get(self._key_id)
            known[key] = plain(self, caller, audience, since)
            keys[self._key_id] = self._key
        return known[key]

    return token


def _verified(plain: Callable[[IssuedTokens, str], dict[str, Any]]) -> Callable[[IssuedTokens, str], dict[str, Any]]:
    known: dict[tuple[str, str, frozenset[str]], dict[str, Any]] = {}

    def claims(self: IssuedTokens, token: str) -> dict[str, Any]:
        key = (token, self._kind.issuer, frozenset(self._kind.audiences))
        if key not in known:
            known[key] = plain(self, token)
        return self._in_time(known[key])

    return claims


@contextmanager
def remembered() -> Iterator[None]:
    """Remember tokens for as long as this lasts."""
    with (
        patch.object(shared.calls.signer, "VALID", timedelta(days=2)),
        patch.object(Signer, "token", _signed(Signer.token)),
        patch.object(IssuedTokens, "claims", _verified(IssuedTokens.claims)),
    ):
        yield
