"""Plans both stacks, each knowing the other's gateway, without a network, and reads them as one estate."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shared.manifest import manifest
from tests.terraform.conftest import GIVEN, copied
from tests.terraform.offline.server import serving
from tests.terraform.offline.terraform import Terraform
from tests.terraform.reachability.estate import Estate

TOLD = {"gcp": {**GIVEN["gcp"], "azure_vpn": {"addresses": ["203.0.113.1", "203.0.113.2"]}}, "azure": {}}
"""What is in no file: the image, and where Azure's gateway will be (addresses that are for documentation)."""


def unique_ids(azure: dict[str, Any]) -> dict[str, str]:
    """Return what Azure's plan was told of the Google accounts of those who call there."""
    told = azure["variables"]["google_accounts"]["value"]
    return {caller: each["unique_id"] if isinstance(each, dict) else each for caller, each in told.items()}


@contextmanager
def workshop() -> Iterator[Callable[..., Estate]]:
    """Yield what plans an estate: `planned(spoil, …)`.

    `spoil` may change the copy of the configuration first; further variables are Google's stack's.
    """
    with serving(settled=True) as providers, TemporaryDirectory(prefix="reachability-") as folder:
        scratch = Path(folder)

        def planned(spoil: Callable[[Path], None] = lambda terraform: None, **google: str) -> Estate:
            here = scratch / str(len(list(scratch.iterdir())))
            spoil(copied(here) / "terraform")
            plans = {}
            for stack in ("gcp", "azure"):
                terraform = Terraform(here / "terraform" / stack, here / stack, providers)
                terraform.init()
                plans[stack] = terraform.plan("prod", **TOLD[stack], **(google if stack == "gcp" else {}))
            return Estate(manifest(), plans["gcp"], plans["azure"], unique_ids(plans["azure"]))

        yield planned
