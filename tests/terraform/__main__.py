"""make terraform: what an operator does before an apply, with providers of the cut schemas instead of clouds.

Formats are checked, both stacks side by side: init, validate, plan for dev and prod; then every module's own tests.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.terraform.offline.copies import GIVEN, copied
from tests.terraform.offline.server import serving
from tests.terraform.offline.terraform import STACKS, Refused, Terraform, program

ENVIRONMENTS = ("dev", "prod")


def timed(what: str, work: Callable[[], Any]) -> str:
    """Do it; return a line that tells how long it took, and of a plan how much it makes."""
    began = time.monotonic()
    done = work()
    made = f", {len(done['resource_changes'])} resources" if isinstance(done, dict) else ""
    return f"{what:<38} {time.monotonic() - began:5.1f} s{made}"


def stack(name: str, configuration: Path, variables: dict[str, str]) -> Iterator[str]:
    """Yield a line per command."""
    terraform = Terraform(configuration / name, configuration.parent / f"{name}.data", variables)
    yield timed(f"{name}: init", terraform.init)
    yield timed(f"{name}: validate", terraform.validate)
    for each in ENVIRONMENTS:
        yield timed(f"{name}: plan {each}", lambda each=each: terraform.plan(each, **GIVEN.get(name, {})))


def modules(configuration: Path, variables: dict[str, str]) -> Iterator[str]:
    """Yield a line per module that has tests of its own."""
    for folder in sorted({path.parents[1] for path in configuration.glob("modules/*/tests/*.tftest.hcl")}):
        terraform = Terraform(folder, configuration.parent / f"{folder.name}.data", variables)
        terraform.init()
        yield timed(f"{folder.name}: test", lambda terraform=terraform: len(terraform.test()))


def main() -> None:
    """Check everything; the first refusal ends it."""
    began = time.monotonic()
    formats = subprocess.run([*program(), "fmt", "-check", "-recursive", str(STACKS)], check=False)
    if formats.returncode:
        sys.exit("these are not in their format: terraform fmt -recursive terraform")
    with (
        tempfile.TemporaryDirectory(prefix="terraform-") as folder,
        serving() as variables,
        ThreadPoolExecutor() as pool,
    ):
        configuration = copied(Path(folder)) / "terraform"
        parts = [stack("gcp", configuration, variables), stack("azure", configuration, variables)]
        try:
            for lines in pool.map(list, [*parts, modules(configuration, variables)]):
                print("\n".join(lines), flush=True)
        except Refused as refused:
            sys.exit(str(refused))
    print(f"{'all':<38} {time.monotonic() - began:5.1f} s")


if __name__ == "__main__":
    main()
