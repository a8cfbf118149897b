"""The estate that prod's plans make, planned once."""

from collections.abc import Callable, Iterator

import pytest

from tests.terraform.reachability.estate import Estate
from tests.terraform.reachability.planned import workshop


@pytest.fixture(scope="session")
def planned() -> Iterator[Callable[..., Estate]]:
    """Plans an estate, of a copy of the configuration that may be spoilt first."""
    with workshop() as plans:
        yield plans


@pytest.fixture(scope="session")
def estate(planned: Callable[..., Estate]) -> Estate:
    """Prod as the configuration has it."""
    return planned()
