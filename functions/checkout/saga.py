"""The checkout saga: steps that may be asked again, one decision under a fencing number, undone by the same keys.

    plan -> [customer, products, card] -> reserve -> price -> fraud -> authorize -> firm -> commit
      any refusal -> decide undo -> void, release -> order.refused

Whoever drives the saga holds `attempt`; a zombie's commit is refused, its late steps meet tombstones.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from functions.checkout import steps
from functions.checkout.card_checks import held_if_mismatched
from functions.checkout.ending import abandon, await_customer, commit_placed, decide_undo, finish_undo, release_lease
from functions.checkout.order import Failure, Order, PlacedOrder
from functions.checkout.views import AuthorizationView, CardView, CustomerView, PriceView, ReservationView
from functions.checkout.watched import held_if_watched
from shared.calls import Calls
from shared.errors import BoutiqueError, CustomerBlocked, InProgress, Invalid, PaymentRefused, PriceChanged, Unavailable
from shared.events.priced_order import Buyer, FraudDecision, FraudInputs, PricedOrder
from shared.storage import Database

log = logging.getLogger(__name__)


@dataclass
class Drive:
    """One attempt at one saga, in one process."""

    order: Order
    db: Database
    call: Calls
    now: datetime
    begun: set[str] = field(default_factory=set)
    """Steps with effects that were asked for; a resumed saga takes all of them for asked."""

    def forward(self) -> PlacedOrder:
        """Drive to the end; raises the refusal after undoing, or InProgress while the payment's outcome is unknown."""
        try:
            return self._place()
        except InProgress:
            release_lease(self.db, self.order)
            raise
        except Invalid as error:
            if not self.begun:
                abandon(self.db, self.order, self.now)
                raise
            raise self.backward(error) from error
        except BoutiqueError as error:
            raise self.backward(error) from error
        except Exception as error:
            log.exception("checkout of %s failed", self.order.order_id)
            raise self.backward(Unavailable("checkout failed and was undone")) from error

    def backward(self, error: BoutiqueError) -> BoutiqueError:
        """Decide to undo, undo, and return what to answer."""
        self.order = decide_undo(self.db, self.order, Failure.of(error), self.now, finish=not self.begun)
        if self.order.state == "undoing":
            self.finish_undo()
        assert self.order.failure is not None
        return error if self.order.failure.code == error.code else self.order.failure.error()

    def finish_undo(self) -> None:
        """Undo every step that was or may have been begun; a failure leaves the saga to the sweep."""
        order = self.order
        try:
            steps.undo(self.call, order.order_id, self.begun, order.failure.code if order.failure else "undone")
        except BoutiqueError as error:
            release_lease(self.db, order)
            raise InProgress("being undone; ask again") from error
        self.order = finish_undo(self.db, order, self.now)

    def all_begun(self) -> None:
        """Take every step for asked, as whoever resumes must."""
        self.begun = {"payment", *steps.STOCK_OWNERS.values()}

    def _place(self) -> PlacedOrder:
        order, request, call = self.order, self.order.request, self.call
        customer, kinds, card = call.together(
            lambda: steps.resolve_customer(call, request),
            lambda: steps.fulfilments(call, request),
            lambda: steps.look_up_card(call, request),
        )
        if customer.standing == "blocked":
            raise CustomerBlocked
        owners = {steps.STOCK_OWNERS[kind] for kind in kinds.values()}
        self.begun |= owners
        reservations = call.together(*steps.reservation_tasks(call, order.order_id, request, kinds))
        priced, freight = self._priced(customer, reservations)
        inputs = _fraud_inputs(order, customer, card, priced)
        order.fraud = steps.score(call, inputs)
        if order.fraud.decision == "deny":
            raise PaymentRefused
        order.fraud = held_if_watched(order.fraud, customer.standing)
        placed = _whole(order, customer, priced, freight, self.now)
        self.begun.add("payment")
        authorization = steps.authorize(call, order.order_id, request, priced.total)
        if authorization.status == "requires_action":
            expires = min(reservation.expires_at for reservation in reservations)
            return await_customer(self.db, order, placed, inputs, authorization, expires, self.now)
        return self.complete(placed, inputs, authorization, owners)

    def complete(
        self, placed: PricedOrder, inputs: FraudInputs, authorization: AuthorizationView, owners: set[str]
    ) -> PlacedOrder:
        """Make the reservations firm and commit the order; held, if the issuer knows another address or code."""
        steps.make_firm(self.call, self.order.order_id, owners)
        placed = held_if_mismatched(placed, authorization)
        return commit_placed(self.db, self.order, placed, inputs, authorization.expires_at, self.now)

    def _priced(
        self, customer: CustomerView, reservations: list[ReservationView]
    ) -> tuple[PriceView, ReservationView | None]:
        request = self.order.request
        freight = next((each for each in reservations if each.freight is not None), None)
        net = freight.freight if freight else None
        ship_from = steps.locations(reservations)
        found = steps.price(self.call, request, customer.tier, net, self.order.created_at, ship_from)
        if request.expected_total is not None and request.expected_total != found.total:
            raise PriceChanged(f"the total is {found.total.amount} {found.total.currency}", total=found.total.as_json())
        return found, freight


def _fraud_inputs(order: Order, customer: CustomerView, card: CardView, priced: PriceView) -> FraudInputs:
    request = order.request
    client = request.client.model_dump(exclude_none=True) if request.client else {}
    return FraudInputs(
        order_id=order.order_id,
        customer_id=customer.customer_id,
        email=request.customer.email,
        customer_since=customer.since,
        total=priced.total,
        skus=tuple(request.quantities),
        shipping_address=request.shipping_address,
        billing_address=request.billing_address or request.shipping_address,
        card_fingerprint=card.fingerprint,
        card_country=card.country,
        placed_at=order.created_at,
        **client,
    )


def _whole(
    order: Order, customer: CustomerView, priced: PriceView, freight: ReservationView | None, now: datetime
) -> PricedOrder:
    request = order.request
    fraud: FraudDecision = order.fraud or steps.SILENT
    return PricedOrder(
        order_id=order.order_id,
        customer=Buyer(
            id=customer.customer_id,
            email=request.customer.email,
            first_name=request.customer.first_name,
            last_name=request.customer.last_name,
            tier=customer.tier,
            vat_id=request.customer.vat_id,
        ),
        currency=request.currency,
        shipping_address=request.shipping_address,
        billing_address=request.billing_address or request.shipping_address,
        delivery=freight.delivery if freight else None,
        fraud=fraud,
        channel=order.channel,
        placed_at=now,
        **{name: getattr(priced, name) for name in PriceView.model_fields},
    )
