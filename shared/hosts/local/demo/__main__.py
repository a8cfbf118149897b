"""`python -m shared.hosts.local.demo`: five orders through the whole estate; exit 0 only if all came out right."""

import argparse
import signal
import sys
import time
from functools import partial

from rich.console import Console

from shared.hosts.local.demo import report
from shared.hosts.local.demo.answers import Order
from shared.hosts.local.demo.books import Customer, DeadLetter, Reconciliation, TrialBalance
from shared.hosts.local.demo.deeds import deeds
from shared.hosts.local.demo.journey import Journey
from shared.hosts.local.demo.judgement import Evidence, judge
from shared.hosts.local.demo.orders import Basket, five
from shared.hosts.local.demo.progress import progress
from shared.hosts.local.demo.shop import Shop, Unexpected
from shared.hosts.local.demo.throwaway import throwaway_estate
from shared.hosts.local.demo.totals import Change, Counted, count
from shared.manifest import manifest

_IDLE_WITHIN_S = 30.0
_LOOK_S = 0.02


def run(console: Console, platform: str) -> bool:
    """Start the estate, run the demo, print what happened; returns whether everything came out right."""
    began = time.monotonic()
    services = len(manifest().services)
    report.say(console, f"Starting all {services} services and their message broker in a throw-away folder …")
    with throwaway_estate(platform) as url, Shop(url, "operator") as operator:
        report.say(console, f"Ready at {url} after {time.monotonic() - began:.1f} s. Five customers place orders:\n")
        seen = _watch(console, url, operator)
    right = show(console, seen)
    report.say(console, f"It took {time.monotonic() - began:.1f} s; the estate is stopped and its folder is gone.")
    return right


def _watch(console: Console, url: str, operator: Shop) -> Evidence:
    """Place the orders, one after the other so that their times are their own, and gather the evidence."""
    baskets = five()
    before = _counted(operator, baskets)
    with progress(console, [basket.title for basket in baskets]) as shown:
        stories = [Journey(url, operator, each, partial(shown.reach, each.title)).travel() for each in baskets]
    for story in stories:
        story.orders_of_customer = _orders_of(operator, story.basket.email)
    return Evidence(
        stories,
        Change(before, _counted(operator, baskets)),
        operator.get("/accounting/trial-balance", TrialBalance),
        operator.get("/data_warehouse/reports/reconciliation", Reconciliation),
        operator.items("/-/dead-letters", DeadLetter),
    )


def _counted(operator: Shop, baskets: list[Basket]) -> Counted:
    """Count when nothing is outstanding, so that every effect is in."""
    until = time.monotonic() + _IDLE_WITHIN_S
    while (reply := operator.ask("/-/idle")).status_code != 200:
        if time.monotonic() > until:
            raise Unexpected(f"after {_IDLE_WITHIN_S:.0f} s there is still outstanding: {reply.json()['outstanding']}")
        time.sleep(_LOOK_S)
    return count(operator, manifest(), baskets)


def _orders_of(operator: Shop, email: str) -> int:
    found = operator.items(f"/crm/customers?email={email}", Customer)
    return sum(len(operator.items(f"/order_management/orders?customer_id={each.customer_id}", Order)) for each in found)


def show(console: Console, seen: Evidence) -> bool:
    """Print everything and the verdict; returns whether every claim holds."""
    for number, story in enumerate(seen.stories, 1):
        report.heading(console, report.order_title(number, story), story.basket.about)
        console.print(report.order_table(story))
    report.heading(console, "What every service did", "With the number of events it was told of.")
    console.print(report.services_table(deeds(seen.change), seen.change))
    report.heading(console, "Trial balance", "Of the opening stock and these orders; a credit balance is negative.")
    console.print(report.trial_balance(seen.books))
    report.heading(console, "Reconciliation", report.reconciled(seen.reconciliation))
    claims = judge(seen)
    wrong = [claim for claim in claims if not claim.holds]
    for claim in wrong:
        report.say(console, f"WRONG  {claim}", "bold red")
    verdict = "Everything came out right" if not wrong else f"{len(wrong)} things came out wrong"
    report.say(console, f"\n{verdict}: {len(claims) - len(wrong)} of {len(claims)} checks hold.", "bold")
    return not wrong


def main() -> int:
    """Run the demo; 0 when all came out right, 1 when not, 130 when it was stopped."""
    parser = argparse.ArgumentParser(prog="python -m shared.hosts.local.demo", description=__doc__)
    parser.add_argument("--platform", choices=("embedded", "emulators"), default="embedded")
    platform: str = parser.parse_args().platform
    console = Console(highlight=False, soft_wrap=False)
    console.width = min(console.width, report.WIDEST)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return 0 if run(console, platform) else 1
    except Unexpected as wrong:
        report.say(console, f"WRONG  {wrong}", "bold red")
        return 1
    except KeyboardInterrupt:
        report.say(console, "\nStopped; nothing is left behind.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
