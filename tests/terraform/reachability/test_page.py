"""docs/reachability.md says what the plans say."""

from tests.terraform.offline.terraform import ROOT
from tests.terraform.reachability.estate import Estate
from tests.terraform.reachability.page import page, said


def test_the_page_is_current(estate: Estate) -> None:
    written = (ROOT / "docs" / "reachability.md").read_text("utf-8")

    assert written == page(estate), "`python -m tests.terraform.reachability` writes it"


def test_a_flow_is_said_in_words(estate: Estate) -> None:
    assert said(estate.flow("accounting", "crm")) == "**allowed**: internal load balancer at 10.40.0.10"
    assert said(estate.flow("pricing", "fraud")) == (
        "refused. Private endpoint: firewall rule serverless-private refuses it."
    )
    assert said(estate.flow("gke-checkout", "fraud")).startswith(
        "refused. Private endpoint: gke has no route to Azure;"
    )
    assert said(estate.flow("checkout", "pricing")) == "**allowed**: Cloud Run's own name"


def test_every_flow_is_in_the_table(estate: Estate) -> None:
    table = page(estate).partition("## Every flow")[2].partition("## What")[0]

    by_network = {name for name, row in estate.rows.services.items() if row.admits == "network"}
    admitted = {(flow.caller, flow.service) for flow in estate.flows if flow.allowed and flow.service in by_network}
    assert table.count("●") - 1 == len(estate.edges | admitted)
    assert sum(table.count(mark) for mark in "●○·") - 3 == len(estate.flows)


def test_what_gets_in_without_a_token_is_said_at_the_top(estate: Estate) -> None:
    opening = page(estate).partition("```mermaid")[0]
    others = [each for each in estate.flows if each.allowed and (each.caller, each.service) not in estate.edges]

    assert {each.service for each in others} == {"legacy_checkout"}
    assert f"but {len(others)} to a service that asks nobody for a token (legacy_checkout)" in opening
