"""Identity tokens that Cloud Run has checked: it takes their signature away before a function sees them.

Where IAM guards a service, Google's front end verifies signature, audience and expiry, asks IAM whether the caller may
invoke, and hands on `header.claims.SIGNATURE_REMOVED_BY_GOOGLE`, so that nobody can use the token again
(https://cloud.google.com/run/docs/troubleshooting#signature-removed). Such a token proves something only because
nothing but that front end reaches the process: `Settings.iam_checks_tokens` says so.
"""

from base64 import urlsafe_b64decode
from collections.abc import Set as AbstractSet
from typing import Any

import orjson

from shared.errors import Unauthenticated

MARK = "SIGNATURE_REMOVED_BY_GOOGLE"


def was_checked(token: str) -> bool:
    """Say whether a token is one whose signature was removed."""
    return token.endswith(f".{MARK}")


def checked_claims(token: str, issuer: str, audiences: AbstractSet[str]) -> dict[str, Any]:
    """Return what such a token says; its `exp` is a number, and the caller's to watch. Unauthenticated for any other.

    Issuer and audience are looked at once more: IAM also lets in who means this service by another of its addresses.
    """
    try:
        _, payload, mark = token.split(".")
        claims = orjson.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        float(claims["exp"])
        ours = mark == MARK and claims["iss"] == issuer and claims["aud"] in audiences
    except (ValueError, LookupError, TypeError) as error:
        raise Unauthenticated("the token is malformed") from error
    if not ours:
        raise Unauthenticated("the token is for another service, or of another issuer")
    return dict(claims)
