"""The bakery behind its edge, with the estate's identities and a publisher that notes what it is given."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.calls.signer import Signer, make_keys, public_keys_file, signer_of
from shared.http.openapi import document
from shared.http.service import Service
from shared.http.wsgi import ServiceApp
from shared.settings import Settings
from shared.storage.connect import close_all, instance
from tests.shared.http.bakery import SpyingPublisher, bakery
from tests.shared.http.estate import Client

ISSUER = "https://online-boutique.local"


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an estate that has keys."""
    settings = Settings(data=tmp_path_factory.mktemp("identity"), issuer=ISSUER)
    make_keys(settings)
    return settings


@pytest.fixture(scope="session")
def signer(identity: Settings) -> Signer:
    found = signer_of(identity)
    assert found is not None
    return found


@pytest.fixture
def settings(tmp_path: Path, identity: Settings) -> Settings:
    return Settings(data=tmp_path, issuer=ISSUER, keys=str(public_keys_file(identity)))


@pytest.fixture
def noted() -> list[str]:
    """What happened in which order: "published", "answered"."""
    return []


@pytest.fixture
def publisher(noted: list[str]) -> SpyingPublisher:
    return SpyingPublisher(noted)


@pytest.fixture
def service(settings: Settings, clock: Any, publisher: SpyingPublisher) -> Iterator[Service]:
    yield bakery(settings, clock, publisher)
    close_all()
    own = instance(settings)
    own.close()  # type: ignore[attr-defined]


@pytest.fixture
def client(service: Service, signer: Signer, clock: Any, noted: list[str]) -> Client:
    client = Client(ServiceApp(service), signer, service.settings.address("bakery"), clock, noted)
    client.document = json.loads(json.dumps(document(service.row, service.capability)))
    return client
