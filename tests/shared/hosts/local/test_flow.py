"""The flow is drawn from the rows, and from nothing else."""

from pathlib import Path

import pytest

from shared.hosts.local import flow
from shared.manifest import Manifest, manifest

TOPICS = """
topics:
  order-events: {about: orders, aggregates: [order]}
  mail-events: {about: mails, aggregates: [mail]}
"""
NETWORKS = """
networks:
  gke: {about: shop, cloud: google, reached_by: vpc, cidr: "10.1.0.0/16"}
  office: {about: far away, cloud: azure, reached_by: vpn, cidr: "10.2.0.0/16"}
callers:
  gke-checkout: {about: storefront, network: gke}
  operator: {about: a person, network: gke}
"""
SHOP = """
service: shop
about: sells
runs_on: cloud_run
network: gke
functions:
  sell: {http: "POST /orders", callers: [gke-checkout, operator], idempotency: required}
  show: {http: "GET /orders", callers: [gke-checkout, operator]}
publishes: ["order.confirmed"]
"""
BANK = """
service: bank
about: takes money
runs_on: azure_functions
network: office
functions:
  pay: {http: "POST /payments", callers: [shop]}
  show: {http: "GET /payments", callers: [gke-checkout, operator]}
  settle: {event: "order.confirmed"}
publishes: ["mail.sent"]
"""
ARCHIVE = """
service: archive
about: keeps all
runs_on: cloud_run
network: gke
functions:
  keep: {event: "*"}
"""


@pytest.fixture
def rows(tmp_path: Path) -> Manifest:
    named = {"topics": TOPICS, "networks": NETWORKS, "shop": SHOP, "bank": BANK, "archive": ARCHIVE}
    for name, text in named.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return manifest(tmp_path)


def test_services_stand_in_their_networks(rows: Manifest) -> None:
    assert '  subgraph net_office["network office, reached by VPN"]\n    bank["bank"]\n  end\n' in flow.page(rows)


def test_calls_are_solid_and_events_dotted(rows: Manifest) -> None:
    drawn = [line.strip() for line in flow.page(rows).splitlines() if "->" in line]

    assert drawn == [
        "gke_checkout --> shop",
        "shop --> bank",
        "shop -.-> order_events",
        "order_events -.-> bank",
    ]


def test_who_hears_everything_is_said_in_words(rows: Manifest) -> None:
    page = flow.page(rows)

    assert 'archive["archive<br/>hears every event"]' in page
    assert "mail_events" not in page, "only the archive hears it"


def test_every_event_has_its_listeners(rows: Manifest) -> None:
    page = flow.page(rows)

    assert "| `order.confirmed` | order-events | shop | bank.settle |" in page
    assert "| `mail.sent` | mail-events | bank | - |" in page
    assert "| bank | `POST /payments` | shop |" in page


def test_only_what_lies_between_the_markers_is_written(rows: Manifest, tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"before\n{flow.OPEN}\nold\n{flow.CLOSE}\nafter\n")

    text = flow.readme(rows, file)

    assert text.startswith(f"before\n{flow.OPEN}\n```mermaid\nflowchart LR\n")
    assert text.endswith(f"```\n{flow.CLOSE}\nafter\n")
    assert 'order_events("order-events to<br/>bank")' in text
    assert "old" not in text


def test_a_page_without_markers_is_refused(rows: Manifest, tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text("no picture\n")

    with pytest.raises(ValueError, match=r"README\.md needs the markers"):
        flow.readme(rows, file)
