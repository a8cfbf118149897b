"""What a customer sends: who, what, where to, and how to pay."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from shared.http.models import Command
from shared.values.address import Address
from shared.values.card_number import looks_like_card_number
from shared.values.identifiers import CustomerId, Sku
from shared.values.money import Money
from shared.values.personal import Email, PersonalName, PersonalText


class Piece(BaseModel):
    """A part of a basket; unknown fields are refused by name."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True, defer_build=True
    )


class Shopper(Piece):
    """Who orders, as they say."""

    id: CustomerId | None = None
    email: Email
    first_name: PersonalName
    last_name: PersonalName
    vat_id: str | None = Field(default=None, min_length=4, max_length=20)


class Item(Piece):
    """So many pieces of a SKU; the same SKU twice is added up."""

    sku: Sku
    quantity: StrictInt = Field(ge=1, le=1000)


class DeliveryWish(Piece):
    """How freight is to be brought, and in which slot of `GET /furniture/slots`."""

    service_level: Literal["kerbside", "room_of_choice", "assembly"] = "kerbside"
    slot_id: str | None = Field(default=None, max_length=60)


class Client(Piece):
    """What the storefront knows of the customer's browser; fraud looks at it."""

    ip: Annotated[PersonalText, Field(max_length=45)] | None = None
    user_agent: str | None = Field(default=None, max_length=500)
    session_id: str | None = Field(default=None, max_length=100)


class PaymentMeans(Piece):
    """The gateway's token for a card. Never a card number."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class QuoteOrder(Command):
    """A basket without payment."""

    customer: Shopper
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code, such as USD")
    items: list[Item] = Field(min_length=1, max_length=100)
    shipping_address: Address
    billing_address: Address | None = None
    delivery: DeliveryWish | None = None
    client: Client | None = None
    expected_total: Money | None = None

    @property
    def quantities(self) -> dict[str, int]:
        """Pieces per SKU, in the order of the basket."""
        found: dict[str, int] = {}
        for item in self.items:
            found[item.sku] = found.get(item.sku, 0) + item.quantity
        return found


class PlaceOrder(QuoteOrder):
    """A basket and how it is paid."""

    payment: PaymentMeans

    @property
    def holds_card_number(self) -> bool:
        """Whether a card number was typed where the token, a name or an address belongs."""
        who, addresses = self.customer, [self.shipping_address, self.billing_address or self.shipping_address]
        typed = [self.payment.token, who.first_name, who.last_name]
        return any(map(looks_like_card_number, typed + [each.street_address for each in addresses]))
