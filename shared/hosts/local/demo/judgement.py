"""Whether everything came out right: every claim with what was found."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.hosts.local.demo.books import DeadLetter, Reconciliation, TrialBalance
from shared.hosts.local.demo.story import Story, captures
from shared.hosts.local.demo.totals import Change
from shared.values.money import Money


@dataclass(frozen=True)
class Claim:
    """What should be so, and what was found."""

    what: str
    expected: Any
    found: Any

    @property
    def holds(self) -> bool:
        """Whether it is so."""
        return bool(self.expected == self.found)

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True)
class Evidence:
    """All that was seen of the estate, when nothing was outstanding any more."""

    stories: list[Story]
    change: Change
    books: TrialBalance
    reconciliation: Reconciliation
    dead_letters: list[DeadLetter] = field(default_factory=list)


def judge(seen: Evidence) -> list[Claim]:
    """Return every claim."""
    stories = [claim for story in seen.stories for claim in _story(story)]
    return [*stories, *_totals(seen), *_stock(seen), *_books(seen)]


def _story(story: Story) -> Iterator[Claim]:
    judged = _declined if story.basket.ending == "declined" else _delivered
    for claim in judged(story):
        yield Claim(f"{story.basket.title}: {claim.what}", claim.expected, claim.found)


def _declined(story: Story) -> Iterator[Claim]:
    reply = story.replies[-1]
    yield Claim("the answer", (402, "payment_declined"), (reply.status, reply.body.get("code")))
    yield Claim("orders of that customer", 0, story.orders_of_customer)


def _delivered(story: Story) -> Iterator[Claim]:
    found, order, answer = story.documents, story.documents.order, story.accepted
    if order is None or answer is None:
        yield Claim("the answer", 201, [(reply.status, reply.body.get("code")) for reply in story.replies])
        return
    total = Money.of(answer["total"]["amount"], answer["total"]["currency"])
    nothing = Money.zero(total.currency)
    yield Claim("price as quoted", story.quoted, total.amount)
    yield Claim("status", "delivered", order.status)
    yield Claim("shipments", {"delivered"}, {shipment.status for shipment in found.shipments})
    yield Claim("authorized", [total], [each.amount for each in found.payments if each.type == "authorization"])
    yield Claim("captured", total, sum((each.amount for each in captures(found)), nothing))
    yield Claim("invoices' sum", total, sum((invoice.total for invoice in found.invoices), nothing))
    numbers = {invoice.number for invoice in found.invoices if invoice.status == "issued"}
    yield Claim("numbered invoices, one per shipment", len(found.shipments), len(numbers - {None}))
    yield Claim("reservations", {"committed"}, {each.state for each in found.reservations.values()})
    reserved: Counter[str] = Counter()
    for line in (line for each in found.reservations.values() for line in each.lines):
        reserved[line.sku] += line.quantity
    yield Claim("pieces that left", story.basket.pieces, dict(reserved))
    yield Claim("orders of that customer", 1, story.orders_of_customer)
    yield from _answers(story)
    yield from _review(story)


def _answers(story: Story) -> Iterator[Claim]:
    """However often it was sent with one key, the answer is one; 409 only while it was being placed."""
    told = [reply for reply in story.replies if reply.body.get("code") != "in_progress"]
    times = story.basket.at_once + (story.basket.at_once > 1)
    yield Claim("answers 201", times, sum(reply.status == 201 for reply in told))
    yield Claim("different answers", 1, len({repr(reply.body) for reply in told}))


def _review(story: Story) -> Iterator[Claim]:
    """Judge that a held order has its goods and its authorization and no more; fraud's silence holds an order, too."""
    kinds = [fact.type for fact in story.documents.order.history] if story.documents.order else []
    held = "order.held" in kinds
    opening = ["order.held", "order.approved"] if held else ["order.confirmed"]
    yield Claim("mails", Counter([*opening, *["shipment.dispatched"] * len(story.documents.shipments)]), _mails(story))
    if not story.basket.reviewed:
        return
    yield Claim("its way", ["order.held", "order.approved"], [kind for kind in kinds if kind.startswith("order.")])
    waiting = story.waiting
    if waiting is None or waiting.order is None:
        yield Claim("seen while it waited", "an order", None)
        return
    yield Claim("status while it waited", "held", waiting.order.status)
    yield Claim("shipments and invoices while it waited", (0, 0), (len(waiting.shipments), len(waiting.invoices)))
    yield Claim("money taken while it waited", 0, len(captures(waiting)))
    yield Claim("reservations while it waited", {"firm"}, {each.state for each in waiting.reservations.values()})


def _mails(story: Story) -> Counter[str]:
    return Counter(message.template for message in story.documents.messages if message.status == "sent")


def _totals(seen: Evidence) -> Iterator[Claim]:
    """Judge that the declined order is in no total but `refused`, and the one sent twice in each once."""
    accepted = [story.accepted["total"] for story in seen.stories if story.accepted]
    charged: Counter[str] = Counter()
    for total in accepted:
        charged[total["currency"]] += Money.of(total["amount"], total["currency"]).minor
    change, refused = seen.change, sum(story.basket.ending == "declined" for story in seen.stories)
    yield Claim("orders refused", refused, change.of("checkout", "refused.count"))
    for service, name in (("checkout", "orders"), ("order_management", "orders"), ("fraud", "transactions")):
        yield Claim(f"{name} that {service} keeps", len(accepted), change.of(service, f"{name}.count"))
    for name in ("authorized", "captured"):
        yield Claim(f"cents {name} in all", dict(charged), change.minor("payment", name))
    yield Claim("cents invoiced in all", dict(charged), change.minor("accounting", "invoices_issued.total"))


def _stock(seen: Evidence) -> Iterator[Claim]:
    left: Counter[str] = Counter()
    for story in (story for story in seen.stories if story.accepted):
        left.update(story.basket.pieces)
    for sku, stock in seen.change.after.stock.items():
        before = seen.change.before.stock[sku]
        yield Claim(f"{sku} on hand", before.on_hand - left[sku], stock.on_hand)
        yield Claim(f"{sku} still held", 0, stock.reserved)


def _books(seen: Evidence) -> Iterator[Claim]:
    yield Claim("trial balance: balanced", True, seen.books.balanced)
    sums: Counter[str] = Counter()
    for account in seen.books.accounts:
        sums[account.currency] += account.debit.minor - account.credit.minor
        if account.account in ("receivables", "contract_liabilities", "goods_in_transit"):
            yield Claim(f"left on {account.account} in {account.currency}", 0, account.balance.minor)
    yield Claim("debit without credit", dict.fromkeys(sums, 0), dict(sums))
    yield Claim("differences in the reconciliation", [], seen.reconciliation.differences)
    yield Claim("reconciliation: balanced", True, seen.reconciliation.balanced)
    yield Claim("dead letters", [], [letter.subscription for letter in seen.dead_letters])
