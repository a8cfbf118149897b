"""The order as it was placed and priced: the parts that events of orders, shipments and others are made of."""

from datetime import date
from typing import Literal

from pydantic import Field

from shared.events.envelope import Part
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId, OrderId, Sku
from shared.values.money import Money
from shared.values.personal import Email, PersonalText


class Buyer(Part):
    """Who ordered."""

    id: CustomerId
    email: Email
    first_name: PersonalText
    last_name: PersonalText
    tier: str
    vat_id: str | None = None


TaxTreatment = Literal[
    "domestic", "oss", "intra_community", "import", "export", "us_nexus", "us_no_nexus", "not_taxable"
]
"""Why a rate applies: tax of the seller's own country; of the customer's under the Union one-stop shop; none, because
a business in another member state accounts for it (Directive 2006/112/EC, art. 138); of the customer's on goods brought
in; none on goods that leave; a US state's where the seller has nexus; none where it has not; none on such goods."""


class ExchangeRate(Part):
    """`rate` units of the order's currency were taken for one unit of `base`: by whom, as of which day."""

    base: str = "USD"
    rate: str
    provider: str
    date: date


class PricedLine(Part):
    """One line. total = unit_price x quantity - discount + rounding + tax; tax at `tax_rate` (a fraction: '0.0725').

    `jurisdiction` is whose tax it is: a country ('NL') or a US state ('US-CA').
    """

    sku: Sku
    name: str
    quantity: int = Field(ge=1)
    fulfilment: Literal["parcel", "freight"]
    weight_g: int
    categories: tuple[str, ...] = ()
    unit_price: Money
    discount: Money
    rounding: Money
    tax: Money
    tax_rate: str
    tax_code: str | None = None
    tax_treatment: TaxTreatment | None = None
    jurisdiction: str | None = None
    total: Money


class ShippingCharge(Part):
    """What one way of shipping costs the customer: net and tax; one for all parcels, one for all freight."""

    fulfilment: Literal["parcel", "freight"]
    net: Money
    tax: Money
    tax_rate: str
    tax_treatment: TaxTreatment | None = None
    jurisdiction: str | None = None


class FraudReason(Part):
    """Why the score is what it is: a code of fraud's rule table and the points it gave."""

    code: str
    points: int


class FraudDecision(Part):
    """Fraud's answer; `score` is null when it was silent (reason `fraud_silent`)."""

    decision: Literal["approve", "review", "deny"]
    score: int | None = None
    reasons: tuple[FraudReason, ...] = ()
    model_version: str | None = None


class Delivery(Part):
    """How freight is brought: service level and the booked slot."""

    service_level: str
    slot_id: str


class OrderTotals(Part):
    """What an order comes to: total = subtotal - discount + rounding + shipping + tax, exactly.

    `subtotal` = sum of unit_price x quantity; `tax` = sum of line taxes + `shipping_tax`; `shipping` is net.
    """

    subtotal: Money
    discount: Money
    rounding: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    total: Money


class PricedOrder(OrderTotals):
    """The whole order as it was placed; `shipping` is the sum of `shipping_charges`' net.

    `seller` is the entity that sells (a key of `shared/seed/entities.json`); `exchange_rate` is there if the order's
    currency is not the price list's; `channel` is the way it came in.
    """

    order_id: OrderId
    customer: Buyer
    currency: str
    lines: tuple[PricedLine, ...]
    shipping_charges: tuple[ShippingCharge, ...]
    shipping_address: Address
    billing_address: Address
    delivery: Delivery | None = None
    fraud: FraudDecision
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None
    channel: str | None = None
    placed_at: Timestamp


class FraudInputs(Part):
    """What fraud was or would have been asked, so that a silent score can be asked for again.

    The body of `POST /api/score`.
    """

    order_id: OrderId
    customer_id: CustomerId
    email: Email
    customer_since: Timestamp
    total: Money
    skus: tuple[Sku, ...]
    shipping_address: Address
    billing_address: Address
    card_fingerprint: str
    card_country: str | None = None
    ip: PersonalText | None = None
    user_agent: str | None = None
    session_id: str | None = None
    placed_at: Timestamp


class MissingGoods(Part):
    """What is lacking of a SKU: so many pieces were sold, and so many could be had."""

    sku: Sku
    requested: int
    available: int
