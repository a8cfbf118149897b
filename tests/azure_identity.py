"""What a function app meets on Azure besides its table: Entra's keys, and the endpoint of its managed identity."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.azurite import access_token

TENANT, API = "0a1b2c3d-0000-4000-8000-00000000aaaa", "0a1b2c3d-0000-4000-8000-00000000bbbb"
CALLERS = {
    "checkout": "0a1b2c3d-0000-4000-8000-0000000000c1",
    "order_management": "0a1b2c3d-0000-4000-8000-0000000000c2",
    "data_warehouse": "0a1b2c3d-0000-4000-8000-0000000000c3",
    "operator": "0a1b2c3d-0000-4000-8000-0000000000c4",
}
HEADER = "853b9a84"


class AzureIdentity:
    """Signs callers' tokens as Entra does, and knows the variables that a function app is set up with."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def bearer(self, caller: str) -> str:
        now = datetime.now(UTC)
        claims = {
            "aud": API,
            "iss": f"{self.address}/{TENANT}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + timedelta(minutes=65),
            "azp": CALLERS[caller],
            "azpacr": "2",
            "oid": f"object-of-{caller}",
            "tid": TENANT,
            "ver": "2.0",
        }
        return f"Bearer {jwt.encode(claims, self._key, algorithm='RS256', headers={'kid': 'entra-1'})}"

    @property
    def variables(self) -> dict[str, str]:
        """What Terraform sets, and `IDENTITY_…` as Azure sets them."""
        return {
            "BOUTIQUE_PLATFORM": "cloud",
            "BOUTIQUE_ENTRA_LOGIN": self.address,
            "BOUTIQUE_ENTRA_TENANT": TENANT,
            "BOUTIQUE_ENTRA_AUDIENCE": API,
            **{f"BOUTIQUE_ENTRA_CALLER_{name.upper()}": client for name, client in CALLERS.items()},
            "IDENTITY_ENDPOINT": f"{self.address}/msi/token",
            "IDENTITY_HEADER": HEADER,
        }

    def answer(self, path: str, header: str | None) -> Any:
        if path == f"/{TENANT}/discovery/v2.0/keys":
            jwk = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
            return {"keys": [{"kty": "RSA", "use": "sig", "kid": "entra-1", "n": jwk["n"], "e": jwk["e"]}]}
        if path.startswith("/msi/token?") and header == HEADER:
            now = datetime.now(UTC)
            expires = str(int((now + timedelta(hours=1)).timestamp()))
            return {"access_token": access_token(now), "expires_on": expires, "token_type": "Bearer"}
        return None


@contextmanager
def azure_identity() -> Iterator[AzureIdentity]:
    """Serve it; it ends with the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = identity.answer(self.path, self.headers.get("X-IDENTITY-HEADER"))
            body = json.dumps(found).encode()
            self.send_response(200 if found else 400)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        identity = AzureIdentity(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield identity
        server.shutdown()
        thread.join()
