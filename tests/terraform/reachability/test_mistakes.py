"""Each rule bites: mistakes in a copy of the configuration are found, by name, and nothing else is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terraform.reachability.assertions import broken
from tests.terraform.reachability.estate import Estate
from tests.terraform.reachability.findings import findings
from tests.terraform.reachability.mistakes import AZURE, GOOGLE

MISTAKES = {**GOOGLE, **AZURE}


@pytest.fixture(scope="session")
def found(planned: Callable[..., Estate]) -> list[str]:
    """What is found in a copy with every mistake."""

    def spoil(terraform: Path) -> None:
        for mistake in MISTAKES.values():
            mistake.make(terraform)

    spoilt = planned(spoil)
    return [*findings(spoilt), *broken(spoilt.plan)]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_by_name(found: list[str], name: str) -> None:
    for expected in MISTAKES[name].found:
        assert any(each.startswith(expected) for each in found), f"{expected!r} is not in:\n" + "\n".join(found)


def test_every_rule_has_a_mistake_that_it_finds(found: list[str]) -> None:
    from tests.terraform.reachability.assertions import IN_PROD
    from tests.terraform.reachability.findings import RULES

    named = {expected.partition(":")[0] for mistake in MISTAKES.values() for expected in mistake.found}

    assert {rule.__name__ for rule in (*RULES, *IN_PROD)} - named == set()
