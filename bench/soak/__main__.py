"""`python -m bench.soak`: the whole estate under `kill -9` at random moments; exit code 1 if anything is wrong after.

ARGS="--platform emulators --orders 300 --kills 10 --seed 7"     what is drawn from the seed: customers, kills, moments
"""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from bench.estate import ROOT
from bench.soak.page import show, write
from bench.soak.run import soak
from shared.hosts.local.emulators import FIRESTORE, PUBSUB
from shared.values.clock import utc_now

PAGE = ROOT / "docs" / "reliability.md"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description="many customers and random kill -9")
    parser.add_argument("--platform", choices=("embedded", "emulators"), default="embedded")
    parser.add_argument("--orders", type=int, default=1000, metavar="N", help="customers (1000)")
    parser.add_argument("--kills", type=int, default=30, metavar="K", help="kill -9 at random moments (30)")
    parser.add_argument("--seed", type=int, default=1, help="of customers, victims and moments (1)")
    parser.add_argument("--clients", type=int, default=12, help="at a time (12)")
    parser.add_argument("--isolated", action="store_true", help="every service in a process of its own; these die too")
    parser.add_argument("--folder", type=Path, help="where data and log lie, and stay")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/reliability.md")
    given = parser.parse_args()
    if given.platform == "emulators":
        missing = [why for why in (FIRESTORE.missing(), PUBSUB.missing()) if why]
        if missing:
            parser.error("; ".join(missing))
    if given.isolated and given.write:
        parser.error("the page has no section for --isolated")
    if given.orders < 2:
        parser.error("at least two customers")
    return given


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Run a soak; 0 if nothing was lost and nothing doubled."""
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the estate ends with us
    folder = given.folder or Path(tempfile.mkdtemp(prefix="boutique-soak-"))
    found = soak(given.platform, given.orders, given.kills, given.seed, folder, _tell, given.clients, given.isolated)
    show(found)
    if given.write:
        what = f"--platform {given.platform} --orders {given.orders} --kills {given.kills} --seed {given.seed}"
        write(found, PAGE, f"{utc_now():%Y-%m-%d}", f'make soak ARGS="{what}"')
    if found.violations:
        print(f"data and log stay in {folder}")
        return 1
    if not given.folder:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
