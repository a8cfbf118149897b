"""The estate plays the metadata server's identity route and publishes its keys.

So that tokens are got and checked as in the cloud.
"""

import re

from shared.calls.signer import Signer, public_keys_file
from shared.errors import Forbidden, Invalid, NotFound
from shared.http.request import Request, Response
from shared.manifest import manifest
from shared.settings import Settings
from shared.values.clock import utc_now

_ROUTE = re.compile(r"/computeMetadata/v1/instance/service-accounts/([a-z_-]+)/identity")
ACTING = ("push", "scheduler")
"""Identities of the platform itself: the broker's pushes and the scheduler."""


def serve_identity(request: Request, signer: Signer) -> Response:
    """Answer a signed token for a caller; 403 without `Metadata-Flavor: Google`, as the metadata server does."""
    match = _ROUTE.fullmatch(request.path)
    rows = manifest()
    if match is None or match[1] not in {*rows.services, *rows.networks.callers, *ACTING}:
        raise NotFound("no such service account")
    if request.header("metadata-flavor") != "Google":
        raise Forbidden("send Metadata-Flavor: Google")
    audience = request.query().get("audience")
    if not audience:
        raise Invalid(("audience", "is required: the base URL of the service to call"))
    token = signer.token(match[1], audience, utc_now())
    return Response(200, token.encode(), "text/plain; charset=utf-8", [("Metadata-Flavor", "Google")])


def serve_keys(settings: Settings) -> Response:
    """Answer the public keys as a JWK set."""
    return Response(200, public_keys_file(settings).read_bytes())
