"""The platform chooses the adapter, and the embedded one loads nothing of Google's."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.settings import Settings, read_settings
from shared.storage.connect import close_all, connect, database_name, instance
from shared.storage.firestore import FirestoreDatabase
from shared.storage.instances import LeasedInstance, LocalInstance
from shared.storage.sqlite import SqliteDatabase

EMBEDDED = """
import sys
at_start = set(sys.modules)  # namespaces that Google's packages announce to every interpreter
from collections.abc import Iterator
from pathlib import Path
from shared.settings import Settings
from shared.storage.connect import connect
connect("crm", Settings(data=Path(sys.argv[1]))).outstanding()
print(sorted(name for name in set(sys.modules) - at_start if name.split(".")[0] in ("google", "grpc", "proto")))
"""


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    close_all()


def test_the_embedded_platform_is_the_default_and_loads_nothing_of_google_s(tmp_path: Path) -> None:
    assert isinstance(connect("crm", Settings(data=tmp_path)), SqliteDatabase)
    run = subprocess.run([sys.executable, "-c", EMBEDDED, str(tmp_path)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_emulators_are_firestore_with_the_laptop_s_instances(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "BOUTIQUE_PLATFORM": "emulators",
            "BOUTIQUE_DATA": str(tmp_path),
            "BOUTIQUE_FIRESTORE": "127.0.0.1:9",
            "BOUTIQUE_DATABASE_PREFIX": "shop-",
            "BOUTIQUE_PROJECT": "p-1",
        }
    )
    database = connect("order_management", settings)
    assert isinstance(database, FirestoreDatabase)
    assert database.wire.database == "projects/p-1/databases/shop-order-management"
    assert connect("order_management", settings) is database
    assert isinstance(instance(settings), LocalInstance)


def test_the_emulator_s_address_alone_chooses_firestore(tmp_path: Path) -> None:
    assert isinstance(connect("crm", Settings(data=tmp_path, firestore="127.0.0.1:9")), FirestoreDatabase)


def test_emulators_without_an_address_never_mean_google_s_own_service(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="BOUTIQUE_FIRESTORE"):
        connect("crm", Settings(platform="emulators", data=tmp_path))


def test_a_process_in_the_cloud_is_known_by_its_leases(tmp_path: Path) -> None:
    settings = Settings(platform="cloud", data=tmp_path / "never")
    assert isinstance(instance(settings), LeasedInstance)
    assert instance(settings) is instance(settings)
    assert not (tmp_path / "never").exists()


def test_database_names_are_what_firestore_takes() -> None:
    assert database_name("crm", Settings.database_prefix) == "boutique-crm"
    assert database_name("data_warehouse", Settings.database_prefix) == "boutique-data-warehouse"
