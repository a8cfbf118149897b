"""python -m shared.hosts.seed inventory: give a service its opening data, once: a second time does nothing.

In the cloud a job of the image runs it as the service's own account (`make seed`, docs/operators-guide.md).
"""

import argparse
import sys

from shared.hosts.local.seeding import seed
from shared.settings import settings


def main() -> None:
    """Seed one service and say whether there was anything to do."""
    parser = argparse.ArgumentParser(prog="python -m shared.hosts.seed")
    parser.add_argument("service")
    service = parser.parse_args().service
    done = seed(service, settings())
    sys.stdout.write(f"{service}: {'opening data is there now' if done else 'nothing to do'}\n")


if __name__ == "__main__":
    main()
