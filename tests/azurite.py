"""Azurite, Microsoft's emulator of Azure Storage, from npm: put into `.azurite/` once, and its table server.

python -m tests.azurite      puts it there

It asks for tokens over TLS as Azure does, so that no key is needed here either.
"""

import base64
import fcntl
import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".azurite"
VERSION = "3.35.0"
"""The last that runs on Node 20; what it needs in turn is npm's choice."""


class NoAzurite(Exception):
    """Why there is none."""


@dataclass(frozen=True)
class Azurite:
    """Where its tables are, and the certificate that speaks for it."""

    tables: str
    certificate: Path


def program() -> Path:
    """Find or install the table server; half a minute the first time. NoAzurite without Node or a registry in reach."""
    entry = FOLDER / VERSION / "node_modules" / "azurite" / "dist" / "src" / "table" / "main.js"
    ready = FOLDER / VERSION / "ready"
    if not shutil.which("node") or not shutil.which("npm"):
        raise NoAzurite("Azurite needs Node and npm on the PATH")
    if not ready.exists():
        ready.parent.mkdir(parents=True, exist_ok=True)
        with (FOLDER / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists():
                _install(ready.parent)
                ready.touch()
    return entry


def _install(folder: Path) -> None:
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional", "--no-save", "--loglevel=error"]
    done = subprocess.run(
        ["npm", "install", *options, "--prefix", str(folder), f"azurite@{VERSION}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoAzurite(f"Azurite could not be installed: {done.stderr.strip()[-300:]}")


@contextmanager
def azurite(folder: Path) -> Iterator[Azurite]:
    """Run its table server in memory, with a certificate of its own; it ends with the block."""
    main = program()
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = _certificate(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--tablePort", str(port), "--inMemoryPersistence", "--skipApiVersionCheck"]
    secure = ["--oauth", "basic", "--cert", str(certificate), "--key", str(key)]
    with (folder / "azurite.log").open("w") as log:
        process = subprocess.Popen(
            ["node", str(main), *options, *secure, "--disableTelemetry", "--silent"], stdout=log, stderr=log, cwd=folder
        )
    try:
        _wait(process, port, folder / "azurite.log")
        yield Azurite(f"https://127.0.0.1:{port}/devstoreaccount1", certificate)
    finally:
        process.terminate()
        process.wait()


def access_token(now: datetime) -> str:
    """Return a token as Entra issues it for Azure Storage; Azurite reads its claims and no signature."""
    claims = {
        "iss": "https://sts.windows.net/0a1b2c3d-0000-4000-8000-00000000aaaa/",
        "aud": "https://storage.azure.com",
        "nbf": int(now.timestamp()) - 60,
        "iat": int(now.timestamp()) - 60,
        "exp": int(now.timestamp()) + 3600,
    }
    parts = [{"typ": "JWT", "alg": "RS256"}, claims]
    written = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*written, "c2lnbmF0dXJl"])


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "azurite")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    anybody = ssl._create_unverified_context()
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as plain, anybody.wrap_socket(plain):
                return
        except OSError:
            time.sleep(0.05)
    raise NoAzurite(f"Azurite did not start: {log.read_text()[-300:]}")


if __name__ == "__main__":
    print(program())
