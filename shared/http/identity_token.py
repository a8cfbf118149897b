"""Identity tokens: JSON web tokens (RFC 7519) that a key of the issuer's JWK set (RFC 7517) signed with RS256.

Imported with the first token. `cryptography` checks signatures; PyJWT, with which the laptop signs, would read tokens
too, but loads X.509, SSH and every other algorithm for it: 16 ms of every start.
"""

import base64
import json
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from shared.errors import Unauthenticated, Unavailable
from shared.values.clock import Clock

KEYS_LAST = timedelta(minutes=5)
"""So long a key is trusted before the issuer is asked again: it may have withdrawn it."""
ASK_AGAIN_AFTER = timedelta(seconds=30)
"""A key id that nobody knows makes us ask at most so often: anybody can make one up."""
_PATIENCE_S = 5.0


class IssuedTokens:
    """Reads the tokens of one issuer, whose public keys lie at a URL or in a file."""

    def __init__(self, keys_at: str, clock: Clock) -> None:
        self._keys_at, self._clock, self._lock = keys_at, clock, Lock()
        self._keys: dict[str, RSAPublicKey] = {}
        self._read_at: datetime | None = None

    def claims(self, token: str) -> dict[str, Any]:
        """Return what a token says if its signature holds, without judging it; Unauthenticated if it doesn't.

        A header extension that must be understood (`crit`, RFC 7515, 4.1.11) is not. Unavailable without keys.
        """
        signed, _, signature = token.rpartition(".")
        try:
            header_part, claims_part = signed.split(".")
            header = json.loads(_decoded(header_part))
            if header["alg"] != "RS256" or "crit" in header:
                raise Unauthenticated("the token doesn't verify: it is not plain RS256")
            self._key(header["kid"]).verify(_decoded(signature), signed.encode("ascii"), PKCS1v15(), SHA256())
            claims: dict[str, Any] = json.loads(_decoded(claims_part))
        except InvalidSignature as error:
            raise Unauthenticated("the token doesn't verify: its signature is not the issuer's") from error
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise Unauthenticated("the token doesn't verify: it is malformed, or nobody knows its key") from error
        return claims

    def _key(self, key_id: str) -> RSAPublicKey:
        with self._lock:
            if self._is_due(key_id, self._clock()):
                try:
                    self._keys = _public_keys(_content(self._keys_at))
                except (OSError, HTTPException, ValueError, LookupError, TypeError) as error:
                    raise Unavailable("the issuer's keys are not in reach") from error
                self._read_at = self._clock()
            return self._keys[key_id]

    def _is_due(self, key_id: str, now: datetime) -> bool:
        if self._read_at is None:
            return True
        return now - self._read_at >= (KEYS_LAST if key_id in self._keys else ASK_AGAIN_AFTER)


def _content(source: str) -> bytes:
    if not source.startswith(("http://", "https://")):
        return Path(source).read_bytes()
    from urllib.request import urlopen  # noqa: PLC0415  (1 ms that a process whose keys lie in a file doesn't pay)

    with urlopen(source, timeout=_PATIENCE_S) as answer:  # noqa: S310  (http or https: see above)
        return bytes(answer.read())


def _public_keys(key_set: bytes) -> dict[str, RSAPublicKey]:
    return {
        each["kid"]: RSAPublicNumbers(_whole(each["e"]), _whole(each["n"])).public_key()
        for each in json.loads(key_set)["keys"]
        if each["kty"] == "RSA" and each.get("use", "sig") == "sig" and each.get("alg", "RS256") == "RS256"
    }


def _whole(text: str) -> int:
    return int.from_bytes(_decoded(text), "big")


def _decoded(text: str) -> bytes:
    """Decode base64url without padding (RFC 7515, 2); ValueError for anything else."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
