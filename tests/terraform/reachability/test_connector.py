"""With a connector instead of direct egress everyone has their way too; the firewall knows services no longer."""

from collections.abc import Callable

import pytest

from tests.terraform.reachability.estate import Estate
from tests.terraform.reachability.findings import (
    arrival_without_an_edge,
    edge_without_a_way,
    name_that_leads_nowhere,
    way_without_an_edge,
)


@pytest.fixture(scope="module")
def connected(planned: Callable[..., Estate]) -> Estate:
    return planned(serverless_access="connector")


def test_every_edge_has_its_way_and_nobody_else(connected: Estate) -> None:
    assert list(edge_without_a_way(connected)) == []
    assert list(way_without_an_edge(connected)) == []
    assert list(name_that_leads_nowhere(connected)) == []


def test_who_does_not_call_arrives_and_is_refused_by_iam(connected: Estate) -> None:
    flow = connected.flow("pricing", "crm")

    assert flow.private
    assert flow.refused == "roles/run.invoker is not its"
    assert "pricing -> crm: arrives at its internal load balancer" in list(arrival_without_an_edge(connected))
