"""The estate plays Google's token issuer: RS256 identity tokens with a key of its own, made when the data folder is."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from shared.settings import Settings

VALID = timedelta(hours=1)


class Signer:
    """Signs identity tokens that look as Google's do."""

    def __init__(self, private_pem: bytes, key_id: str, settings: Settings) -> None:
        self._pem, self._key_id = private_pem, key_id
        self._key: Any = None
        self._issuer, self._project = settings.issuer, settings.project

    def token(self, caller: str, audience: str, now: datetime) -> str:
        """Return a token of this caller for this audience, good for an hour."""
        import jwt  # noqa: PLC0415

        if self._key is None:  # reading the PEM checks the key, which takes longer than signing
            from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

            self._key = load_pem_private_key(self._pem, None)
        email = f"{caller.replace('_', '-')}@{self._project}.iam.gserviceaccount.com"
        claims = {
            "iss": self._issuer,
            "aud": audience,
            "sub": email,
            "azp": email,
            "email": email,
            "email_verified": True,
            "iat": now,
            "exp": now + VALID,
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._key_id})


def signer_of(settings: Settings) -> Signer | None:
    """Return the estate's signer if this process may read its key: on a laptop, except in isolated processes."""
    key = private_key_file(settings)
    if settings.platform == "cloud" or settings.account != "default" or not key.is_file():
        return None
    return Signer(key.read_bytes(), _key_id(settings), settings)


def private_key_file(settings: Settings) -> Path:
    """Return where the estate's private key lies."""
    return settings.data / "identity" / "key.pem"


def public_keys_file(settings: Settings) -> Path:
    """Return where the estate's public keys lie, as a JWK set."""
    return settings.data / "identity" / "jwks.json"


def make_keys(settings: Settings) -> None:
    """Make the estate's key pair if there is none; the private key is readable by its owner alone."""
    import secrets  # noqa: PLC0415

    import jwt  # noqa: PLC0415
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    private, public = private_key_file(settings), public_keys_file(settings)
    if private.is_file() and public.is_file():
        return
    private.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    jwk |= {"kid": secrets.token_hex(8), "use": "sig", "alg": "RS256"}
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write_whole(private, pem)
    _write_whole(public, json.dumps({"keys": [jwk]}).encode())


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, whatever kills us; only its owner may read it."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(path)


def _key_id(settings: Settings) -> str:
    return str(json.loads(public_keys_file(settings).read_text(encoding="utf-8"))["keys"][0]["kid"])
