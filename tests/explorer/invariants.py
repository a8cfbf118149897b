"""What must be true of every order once all is at rest, and of the whole estate."""

from collections.abc import Iterator
from datetime import datetime

from bench.invariants import disagreements
from functions.order_management.order import Order
from shared.storage.connect import connect
from tests.explorer.stories import STORIES, Actor
from tests.explorer.world import World
from tests.order_books import OrderBooks, wrong_numbers


class Books(OrderBooks):
    """Every service's documents of one run."""

    def __init__(self, world: World, actor: Actor, since: datetime) -> None:
        super().__init__(lambda service: connect(service, world.settings))
        self.world, self.actor = world, actor
        self.placing = self.placings(since)

    def of_the_run(self) -> Iterator[str]:
        """Everything that is not as it must be."""
        yield from self.world.illegal
        yield from self._ending()
        for each in self.placing:
            yield from (f"{each.order_id} ({each.state}): {what}" for what in self.violations(each))

    def _ending(self) -> Iterator[str]:
        ending = STORIES[self.actor.schedule.story][1]
        placed = [each for each in self.placing if each.state == "placed"]
        first, *others = self.actor.answers
        if any(each != first for each in others) and first[0] < 500:
            said = [(status, body.get("order_id", body.get("code"))) for status, body in self.actor.answers]
            yield f"the same key was answered differently: {said}"
        awaited = [each for each in self.placing if each.action_was_required]
        if len(placed) + len(awaited) != (first[0] == 201):
            yield f"{len(placed)} orders were placed for one key; the customer heard {first[0]}"
        if any(each.failure is None or each.failure.code not in ending.codes for each in awaited):
            yield f"what the customer was to authenticate ended as {[each.failure for each in awaited]}"
        for each in placed:
            known = self.db("order_management").get(Order, each.order_id)
            status = known.status if known else None
            if status not in ending.statuses:
                yield f"{each.order_id} is {status}, expected {sorted(ending.statuses)}"
            if first[0] == 201 and each.order_id != first[1]["order_id"]:
                yield f"the customer was told {first[1]['order_id']}, {each.order_id} was placed"
        if first[0] != 201 and first[1]["code"] not in ending.codes:
            yield f"refused with {first[1]['code']}, expected {sorted(ending.codes) or 'an order'}"


def of_the_estate(world: World) -> list[str]:
    """What is wrong with the whole: reconciliation, trial balance, ledgers of stock, dead letters, invoice numbers."""
    world.own_warehouse()
    found = disagreements(world.get)
    found += [f"dead letter: {each}" for each in dead_letters(world)]
    return found + list(wrong_numbers(connect("accounting", world.settings)))


def dead_letters(world: World) -> list[str]:
    """What was given up, but for what a schedule poisoned."""
    return [
        f"{each['subscription']} {each['event_type']}: {each['error_code']} {each['error_detail']}"
        for each in world.broker.dead_letters(1000)
        if each["event_id"] != "evt_poison"
    ]
