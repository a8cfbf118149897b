"""Plans both stacks, each knowing the other's gateway, without a network, and reads them as one estate."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shared.manifest import Manifest, manifest
from tests.terraform.conftest import GIVEN, copied
from tests.terraform.offline.server import serving
from tests.terraform.offline.terraform import Terraform
from tests.terraform.reachability.estate import Estate

GOOGLES_GATEWAY, AZURES_GATEWAY = ["198.51.100.1", "198.51.100.2"], ["203.0.113.1", "203.0.113.2"]
"""Public addresses that both clouds give when they make the gateways; here of the ranges for documentation."""


def unique_ids(rows: Manifest) -> dict[str, str]:
    """Return an id for the Google account of everyone who calls Azure, 21 digits as Google's have."""
    away = {caller for row in rows.services.values() if row.runs_on == "azure_functions" for caller in row.callers}
    return {caller: str(10**20 + place) for place, caller in enumerate(sorted(away))}


def given(rows: Manifest) -> dict[str, dict[str, Any]]:
    """Return what each stack is told of the other."""
    assert rows.networks.vpn is not None
    tunnels = rows.networks.vpn.tunnels
    gateway = {
        "addresses": GOOGLES_GATEWAY,
        "asn": rows.networks.vpn.google.asn,
        "bgp_addresses": [each.google for each in tunnels],
    }
    return {
        "gcp": {**GIVEN["gcp"], "azure_vpn": {"addresses": AZURES_GATEWAY}},
        "azure": {"gcp_vpn": gateway, "google_accounts": unique_ids(rows)},
    }


@contextmanager
def workshop() -> Iterator[Callable[..., Estate]]:
    """Yield what plans an estate: `planned(spoil)`, where `spoil` may change the copy of the configuration first."""
    rows = manifest()
    with serving(settled=True) as providers, TemporaryDirectory(prefix="reachability-") as folder:
        scratch = Path(folder)

        def planned(spoil: Callable[[Path], None] = lambda terraform: None, environment: str = "prod") -> Estate:
            here = scratch / str(len(list(scratch.iterdir())))
            spoil(copied(here) / "terraform")
            plans = {}
            for stack, told in given(rows).items():
                terraform = Terraform(here / "terraform" / stack, here / stack, providers)
                terraform.init()
                plans[stack] = terraform.plan(environment, **told)
            return Estate(rows, plans["gcp"], plans["azure"], unique_ids(rows))

        yield planned
