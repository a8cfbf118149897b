"""The backoffice in a real browser: Debian's chromium, driven as a person would, at desk and phone width."""

import base64
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.estate import RunningEstate, running_estate
from tests.functions.legacy_checkout.old_checkout import ID, calls_of, named
from tests.in_process import ADA, basket

pytestmark = pytest.mark.estate

PICTURES = os.environ.get("BOUTIQUE_PICTURES")
"""A folder for screenshots of what the tests see, to look at."""
WIDTHS = {"desk": 1280, "phone": 390}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    with running_estate(tmp_path_factory.mktemp("shop"), "--fulfil", "auto") as started:
        yield started


@pytest.fixture(scope="module")
def browser(require: Callable[[Any, str], None]) -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    require(chromium, "no chromium (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


def place(shop: RunningEstate, email: str, number: int, **changes: Any) -> str:
    body = basket(customer={**ADA, "email": email}, **changes)
    answer = shop.ask("POST", "/checkout/orders", body, caller="gke-checkout", key=f"backoffice-{number}")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["order_id"])


def sold_and_cancelled(shop: RunningEstate) -> str:
    """An order of the old checkout beyond stock, cancelled while it waited; another is refused: nobody sells that."""
    for number, changes in enumerate(({"quantity": 9000}, {"product_id": "NOSUCHSKU1"})):
        (message,) = named(calls_of(ID.replace("8f0c", f"8fb{number}")), "")
        message.body["items"][0]["item"].update(changes)
        data = base64.b64encode(json.dumps(message.body).encode()).decode()
        shop.post("/-/topics/order-events/publish", {"messages": [{"data": data}]})
    shop.settle(120)
    sold = f"ord_{ID.replace('8f0c', '8fb0')}"
    shop.post(f"/order_management/orders/{sold}/cancel", {"by": "Ada", "reason": "too long"})
    return sold


@pytest.fixture(scope="module")
def orders(shop: RunningEstate) -> dict[str, str]:
    found = {
        "delivered": place(shop, "delivered@example.com", 1, items=[{"sku": "FURN-001", "quantity": 1}]),
        "approved": place(shop, "approved@review.test", 2),
        "rejected": place(shop, "rejected@review.test", 3),
    }
    found["owed"] = sold_and_cancelled(shop)
    letter = {"data": "e30=", "attributes": {"ce-type": "order.confirmed", "ce-id": "evt_poisoned"}}
    shop.post("/-/topics/order-events/publish", {"messages": [letter]})
    shop.settle(120)
    return found


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser, shop: RunningEstate) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": WIDTHS[request.param], "height": 900})
    opened = context.new_page()
    opened.goto(f"{shop.url}/backoffice/")
    opened.get_by_role("link", name="Sign in as operator").click()
    yield opened
    if PICTURES:
        opened.screenshot(path=Path(PICTURES) / f"{request.node.name}.png".replace("/", "-"), full_page=True)
    context.close()


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window or its section: a person never scrolls sideways."""
    widths = "[document.documentElement, ...document.querySelectorAll('.scroll')]"
    return bool(page.evaluate(f"{widths}.every(each => each.scrollWidth <= each.clientWidth + 1)"))


def test_the_overview_shows_what_waits_and_what_failed(page: Page, orders: dict[str, str]):
    expect(page).to_have_title("Overview · Backoffice")
    expect(page.get_by_role("link", name=orders["delivered"])).to_be_visible()
    expect(page.get_by_role("heading", name="Trial balance balanced")).to_be_visible()
    expect(page.get_by_role("button", name="Send again").first).to_be_visible()
    assert fits(page)


def test_an_order_shows_its_whole_life(page: Page, orders: dict[str, str]):
    page.get_by_role("link", name=orders["delivered"]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("delivered")
    for told in ("1 Oak Dining Table arrived.", "was charged for what left", "Ledger", "order.confirmed"):
        expect(page.get_by_text(told).first).to_be_visible()
    assert page.locator(".bars li").count() > 40, "every request, event and delivery is in the waterfall"
    assert page.get_by_text("(Azure)").count() >= 1
    assert fits(page)


@pytest.mark.parametrize(("held", "tabs", "after"), [("approved", 1, "delivered"), ("rejected", 2, "rejected")])
def test_a_held_order_is_decided_by_keyboard_alone(
    browser: Browser, shop: RunningEstate, orders: dict[str, str], held: str, tabs: int, after: str
):
    page = browser.new_context().new_page()
    page.goto(f"{shop.url}/backoffice/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # signs in
    expect(page).to_have_title("Overview · Backoffice")
    _tab_to(page, orders[held])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="This order waits for a decision")).to_be_visible()
    _tab_to(page, "reason")
    page.keyboard.type("known to us")
    for _ in range(tabs):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Approved" if held == "approved" else "Rejected")
    shop.settle(120)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text(after)
    expect(page.get_by_text("known to us").first).to_be_visible()
    page.context.close()


def test_what_is_owed_back_is_noted_by_keyboard_alone(browser: Browser, shop: RunningEstate, orders: dict[str, str]):
    page = browser.new_page()
    page.goto(f"{shop.url}/-/sign-in/operator?next=/backoffice/")
    _tab_to(page, orders["owed"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("cancelled")
    _tab_to(page, "reference")
    page.keyboard.type("re_8841")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The customer is owed this no more.")
    shop.settle(60)
    page.reload()
    expect(page.get_by_text("was given back where it was charged, as re_8841.")).to_be_visible()
    assert shop.get("/payment/owed-back")["items"] == []
    page.close()


def test_an_order_of_the_old_checkout_that_was_refused_is_shown_with_what_it_cost(page: Page, orders: dict[str, str]):
    page.reload()
    waiting = page.get_by_role("row").filter(has_text=ID.replace("8f0c", "8fb1"))
    expect(waiting).to_contain_text("unknown sku")
    expect(waiting).to_contain_text("57.96 USD")


def test_the_differences_are_a_click_away(page: Page, orders: dict[str, str]):
    page.get_by_role("link", name="Shadow mode").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Shadow mode: what differs")
    expect(page.get_by_text("Nobody is shadowed")).to_be_visible()
    assert fits(page)


def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what has this text or name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate("[document.activeElement.textContent.trim(), document.activeElement.name || '']")
        if wanted in at:
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_a_dead_letter_is_sent_again(page: Page, orders: dict[str, str]):
    page.get_by_role("button", name="Send again").first.click()
    expect(page.get_by_role("status")).to_contain_text("Sent again.")


def test_a_mistyped_order_is_told_on_a_page(page: Page, shop: RunningEstate):
    page.goto(f"{shop.url}/backoffice/orders/ord_01M7WN3C74YFVCWJP54DZF31W5")
    expect(page.get_by_role("heading")).to_have_text("Not found")


def test_the_pages_load_nothing_from_elsewhere(browser: Browser, shop: RunningEstate, orders: dict[str, str]):
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{shop.url}/-/sign-in/operator?next=/backoffice/orders/{orders['delivered']}")
    assert [url for url in asked if not url.startswith((shop.url, "data:"))] == []
    page.close()
