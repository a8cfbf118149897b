"""One estate that most journeys share, so that it is started once; those that break things start their own."""

from collections.abc import Iterator

import pytest

from tests.estate import RunningEstate, running_estate


@pytest.fixture(scope="session")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    """Nothing dispatches by itself; it logs everything that it ever logs."""
    with running_estate(tmp_path_factory.mktemp("estate"), log_level="DEBUG") as started:
        yield started
