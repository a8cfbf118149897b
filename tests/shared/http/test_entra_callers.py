"""Who may call on Azure: Entra's token decides, by tenant, audience, signature and the ids given to callers."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from shared.calls.signer import Signer
from shared.errors import Forbidden, Unauthenticated, Unavailable
from shared.http.authentication import Authenticator
from shared.settings import Settings, read_settings

TENANT, API = "0a1b2c3d-0000-4000-8000-00000000aaaa", "0a1b2c3d-0000-4000-8000-00000000bbbb"
CHECKOUT, CHECKOUT_OBJECT = "0a1b2c3d-0000-4000-8000-00000000cccc", "0a1b2c3d-0000-4000-8000-00000000dddd"
PERSON, AZURE_CLI = "0a1b2c3d-0000-4000-8000-00000000eeee", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
AUTHORITY = f"https://login.microsoftonline.com/{TENANT}"
ROW = ("checkout", "order_management", "operator")
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def settings() -> Settings:
    return read_settings(
        {
            "BOUTIQUE_PLATFORM": "cloud",
            "BOUTIQUE_ENTRA_TENANT": TENANT,
            "BOUTIQUE_ENTRA_AUDIENCE": API,
            "BOUTIQUE_ENTRA_CALLER_CHECKOUT": f"{CHECKOUT}, {CHECKOUT_OBJECT}",
            "BOUTIQUE_ENTRA_CALLER_DATA_WAREHOUSE": "0a1b2c3d-0000-4000-8000-00000000ffff",
            "BOUTIQUE_ENTRA_CALLER_OPERATOR": PERSON,
        }
    )


@pytest.fixture
def authenticator(settings: Settings, clock: Any, tmp_path: Path) -> Authenticator:
    """As on Azure, but Entra's keys are in a file."""
    made = Authenticator("fraud", settings, clock)
    assert made._keys_at == f"{AUTHORITY}/discovery/v2.0/keys"
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    for leave_out in ("key_ops", "alg"):  # Entra's keys say neither
        jwk.pop(leave_out, None)
    made._keys_at = str(tmp_path / "keys.json")
    (tmp_path / "keys.json").write_text(str({"keys": [{**jwk, "use": "sig", "kid": "entra-1"}]}).replace("'", '"'))
    return made


@pytest.fixture
def bearer(now: Any) -> Callable[..., str]:
    """A token as Entra gives it to a client that calls for itself; claims that are None are left out."""

    def sign(key: Any = KEY, **claims: Any) -> str:
        usual = {
            "aud": API,
            "iss": f"{AUTHORITY}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + timedelta(minutes=65),
            "aio": "E2ZgYPi4",
            "azp": CHECKOUT,
            "azpacr": "2",
            "oid": CHECKOUT_OBJECT,
            "sub": CHECKOUT_OBJECT,
            "tid": TENANT,
            "uti": "abc",
            "ver": "2.0",
        }
        said = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return f"Bearer {jwt.encode(said, key, algorithm='RS256', headers={'kid': 'entra-1'})}"

    return sign


def test_a_federated_client_is_the_caller_its_id_is_given_to(authenticator: Any, bearer: Callable[..., str]) -> None:
    assert authenticator.caller(bearer(), ROW).name == "checkout"
    assert authenticator.caller(bearer(oid="another"), ROW).name == "checkout"
    assert authenticator.caller(bearer(azp="another"), ROW).name == "checkout"


def test_a_caller_that_the_row_lacks_is_refused(authenticator: Any, bearer: Callable[..., str]) -> None:
    token = bearer(azp="0a1b2c3d-0000-4000-8000-00000000ffff", oid="x")
    with pytest.raises(Forbidden, match="data-warehouse may not call"):
        authenticator.caller(token, ROW)
    assert authenticator.caller(token, ("data_warehouse",)).name == "data_warehouse"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "api://online-boutique-fraud"},
        {"aud": "https://management.azure.com"},
        {"iss": "https://login.microsoftonline.com/another-tenant/v2.0"},
        {"iss": f"https://sts.windows.net/{TENANT}/"},
        {"iss": "https://accounts.google.com"},
        {"azp": "unknown", "oid": "unknown"},
        {"azp": None, "oid": None},
        {"exp": None},
    ],
)
def test_any_other_token_is_refused(authenticator: Any, bearer: Callable[..., str], claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        authenticator.caller(bearer(**claims), ROW)


def test_a_signature_of_another_key_under_entras_key_id_is_refused(
    authenticator: Any, bearer: Callable[..., str]
) -> None:
    forged = bearer(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    with pytest.raises(Unauthenticated, match="signature"):
        authenticator.caller(forged, ROW)


def test_googles_token_is_refused_on_azure(authenticator: Any, signer: Signer, now: Any) -> None:
    with pytest.raises(Unauthenticated):
        authenticator.caller(f"Bearer {signer.token('checkout', API, now)}", ROW)


def test_a_person_is_known_by_object_id_and_never_by_the_program_they_use(
    authenticator: Any, bearer: Callable[..., str]
) -> None:
    asked = {"azp": AZURE_CLI, "scp": "user_impersonation"}
    assert authenticator.caller(bearer(**asked, oid=PERSON), ROW).name == "operator"
    with pytest.raises(Unauthenticated, match="nobody who is known"):
        authenticator.caller(bearer(**asked, oid="somebody else"), ROW)
    with pytest.raises(Unauthenticated, match="nobody who is known"):
        authenticator.caller(bearer(azp=CHECKOUT, scp="user_impersonation", oid="somebody else"), ROW)


def test_an_expired_token_is_refused_also_when_it_was_seen_before(
    authenticator: Any, bearer: Callable[..., str], clock: Any
) -> None:
    token = bearer()
    assert authenticator.caller(token, ROW).name == "checkout"
    clock.advance(minutes=65)
    with pytest.raises(Unauthenticated, match="expired"):
        authenticator.caller(token, ROW)


def test_keys_out_of_reach_are_no_refusal(authenticator: Any, bearer: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "keys.json").unlink()
    with pytest.raises(Unavailable):
        authenticator.caller(bearer(), ROW)


def test_an_id_belongs_to_one_caller() -> None:
    with pytest.raises(ValueError, match="two callers"):
        read_settings({"BOUTIQUE_ENTRA_CALLER_CHECKOUT": "x", "BOUTIQUE_ENTRA_CALLER_OPERATOR": "x"})
