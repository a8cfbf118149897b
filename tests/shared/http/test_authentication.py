"""Who may call: the token is checked as in the cloud, then the row."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from shared.calls.signer import Signer, make_keys, public_keys_file, signer_of
from shared.errors import Unauthenticated
from shared.http.authentication import Authenticator
from shared.http.service import Service
from shared.settings import Settings
from tests.shared.http.bakery import Loaf
from tests.shared.http.estate import Answered, Client

RYE = {"sku": "RYE", "price": {"currency": "USD", "amount": "4.50"}}


def bake(client: Client, authorization: str | None) -> Answered:
    headers = {"Authorization": authorization} if authorization is not None else {}
    return client.send("POST", "/loaves", RYE, caller=None, headers=headers)


def test_every_caller_of_the_row_may_call(client: Client) -> None:
    assert client.send("POST", "/loaves", RYE, caller="checkout").json["by"] == "checkout"
    assert client.send("GET", "/loaves/RYE", caller="gke-checkout").status == 200


@pytest.mark.parametrize("authorization", [None, "", "Basic b3BlcmF0b3I6", "Bearer", "Bearer ", "Bearer x.y.z"])
def test_without_a_good_token_nothing_happens(client: Client, service: Service, authorization: str | None) -> None:
    answered = bake(client, authorization)

    assert (answered.status, answered.code) == (401, "unauthenticated")
    assert answered.headers["WWW-Authenticate"] == "Bearer"
    assert service.database.get(Loaf, "RYE") is None


def test_a_token_ends_after_an_hour_also_when_it_was_seen_before(client: Client, clock: Any) -> None:
    token = client.signer.token("operator", client.audience, clock())
    assert bake(client, f"Bearer {token}").status == 201

    clock.advance(minutes=59)
    assert bake(client, f"Bearer {token}").status == 201
    clock.advance(minutes=1)
    assert bake(client, f"Bearer {token}").status == 401


def test_an_old_token_is_refused_at_first_sight(client: Client, clock: Any) -> None:
    token = client.signer.token("operator", client.audience, clock() - timedelta(hours=2))

    assert bake(client, f"Bearer {token}").status == 401


@pytest.mark.parametrize("audience", ["http://127.0.0.1:8080/inventory", "https://example.com", ""])
def test_a_token_for_somebody_else_is_refused(client: Client, clock: Any, audience: str) -> None:
    assert bake(client, f"Bearer {client.signer.token('operator', audience, clock())}").status == 401


@pytest.mark.parametrize(
    "audience", ["http://127.0.0.1:8080/bakery", "http://localhost:8080/bakery/", "http://127.0.0.1:8080"]
)
def test_a_token_for_the_service_or_on_a_laptop_the_estate_is_taken(client: Client, clock: Any, audience: str) -> None:
    assert bake(client, f"Bearer {client.signer.token('operator', audience, clock())}").status == 201


def test_a_token_of_another_signer_is_refused(client: Client, clock: Any, tmp_path: Path) -> None:
    elsewhere = Settings(data=tmp_path / "elsewhere", issuer=client.signer._issuer)
    make_keys(elsewhere)
    stranger = signer_of(elsewhere)
    assert stranger is not None
    under_our_key_id = Signer(stranger._pem, client.signer._key_id, elsewhere)

    for signer in (stranger, under_our_key_id):
        assert bake(client, f"Bearer {signer.token('operator', client.audience, clock())}").status == 401


def test_a_token_without_signature_is_refused(client: Client, clock: Any) -> None:
    claims = jwt.decode(client.signer.token("operator", client.audience, clock()), options={"verify_signature": False})
    unsigned = jwt.encode(claims, "", algorithm="none", headers={"kid": client.signer._key_id})

    assert bake(client, f"Bearer {unsigned}").status == 401


def test_an_account_of_another_project_is_refused(client: Client, clock: Any, identity: Settings) -> None:
    foreign = Signer(
        client.signer._pem, client.signer._key_id, Settings(issuer=identity.issuer, project="somebody-elses")
    )

    assert bake(client, f"Bearer {foreign.token('operator', client.audience, clock())}").status == 401


def test_a_caller_that_the_row_lacks_is_refused(client: Client, service: Service) -> None:
    answered = client.send("POST", "/loaves", RYE, caller="warehouse")

    assert (answered.status, answered.code) == (403, "forbidden")
    assert answered.json["detail"] == "warehouse may not call this route"
    assert service.database.get(Loaf, "RYE") is None


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/events/hear_cancellation"), ("POST", "/schedules/air_out"), ("GET", "/outstanding")],
)
def test_the_platforms_doors_are_not_for_services(client: Client, method: str, path: str) -> None:
    assert client.send(method, path, {}, caller="checkout").status == 403
    assert client.send(method, path, {}, caller=None).status == 401


def test_who_may_not_call_learns_nothing_about_the_input(client: Client) -> None:
    assert client.send("POST", "/loaves", b"no json", caller="warehouse").status == 403


def test_keys_that_are_out_of_reach_are_no_reason_to_refuse(client: Client, service: Service, clock: Any) -> None:
    from shared.http.wsgi import ServiceApp

    nobody_listens = "http://127.0.0.1:9/jwks.json"
    service.settings = Settings(data=service.settings.data, issuer=service.settings.issuer, keys=nobody_listens)
    client.app = ServiceApp(service)

    answered = bake(client, f"Bearer {client.signer.token('operator', client.audience, clock())}")

    assert (answered.status, answered.code) == (503, "unavailable")


@pytest.mark.parametrize(
    ("platform", "audience", "taken"),
    [
        ("embedded", "http://127.0.0.1:41733", True),
        ("embedded", "http://localhost:8080/bakery/", True),
        ("embedded", "http://127.0.0.1:8080", True),
        ("embedded", "http://127.0.0.1:8080/inventory", False),
        ("cloud", "https://bakery.example.run.app", True),
        ("cloud", "http://127.0.0.1:8080/bakery", False),
        ("cloud", "http://127.0.0.1:8080", False),
    ],
)
def test_a_service_goes_by_its_address_and_on_a_laptop_by_its_place_in_the_estate(
    tmp_path: Path, clock: Any, platform: str, audience: str, taken: bool
) -> None:
    address = "https://bakery.example.run.app" if platform == "cloud" else "http://127.0.0.1:41733"
    local = Settings(data=tmp_path, issuer="https://online-boutique.local", addresses={"bakery": address})
    make_keys(local)
    signer = signer_of(local)
    assert signer is not None
    settings = replace(local, platform=platform, keys=str(public_keys_file(local)))
    bearer = f"Bearer {signer.token('operator', audience, clock())}"

    authenticator = Authenticator("bakery", settings, clock)
    if taken:
        assert authenticator.caller(bearer, ("operator",)).name == "operator"
    else:
        with pytest.raises(Unauthenticated):
            authenticator.caller(bearer, ("operator",))


@pytest.mark.parametrize(("account", "known"), [("boutique-crm", True), ("crm", False), ("boutiquecrm", False)])
def test_in_the_cloud_a_caller_is_known_by_its_account_behind_the_prefix_of_the_estate(
    tmp_path: Path, clock: Any, account: str, known: bool
) -> None:
    """Google takes no account named `crm`: six letters at least."""
    address = "https://bakery.example.run.app"
    local = Settings(data=tmp_path, issuer="https://online-boutique.local", addresses={"bakery": address})
    make_keys(local)
    signer = signer_of(local)
    assert signer is not None
    settings = replace(local, platform="cloud", keys=str(public_keys_file(local)), account_prefix="boutique-")
    bearer = f"Bearer {signer.token(account, address, clock())}"

    authenticator = Authenticator("bakery", settings, clock)
    if known:
        assert authenticator.caller(bearer, ("crm",)).name == "crm"
    else:
        with pytest.raises(Unauthenticated):
            authenticator.caller(bearer, ("crm",))
