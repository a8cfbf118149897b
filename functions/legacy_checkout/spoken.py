"""How the old checkout and its receivers speak: camel case, plain JSON numbers, Google's money, unknown fields."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from shared.http.models import Answer, Command
from shared.values.money import Money
from shared.values.personal import PersonalText

Number = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
"""An amount in major units, exact here, and a JSON number on the wire: what the old dashboards read."""

_CAMEL = ConfigDict(
    alias_generator=to_camel,
    populate_by_name=True,
    serialize_by_alias=True,
    frozen=True,
    hide_input_in_errors=True,
    defer_build=True,
)
_PIECE = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True, defer_build=True)


class OldCall(Command):
    """A body that the old checkout sends; what it has beside is passed over, and passed on in shadow mode."""

    model_config = ConfigDict(**{**_CAMEL, "extra": "allow"})


class OldAnswer(Answer):
    """A body that the old checkout or an old dashboard reads."""

    model_config = _CAMEL


class GoogleMoney(BaseModel):
    """`google.type.Money` as Go writes it: what is zero is left out."""

    model_config = _PIECE

    currency_code: str = Field(pattern=r"^[A-Z]{3}$")
    units: int = Field(default=0, ge=0, le=10**12)
    nanos: int = Field(default=0, ge=0, lt=10**9)

    @property
    def billionths(self) -> int:
        """The amount in billionths of the major unit, exactly."""
        return self.units * 10**9 + self.nanos


class Goods(BaseModel):
    """A product and how many."""

    model_config = _PIECE

    product_id: str = Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,31}$")
    quantity: int = Field(ge=1, le=10_000)


class SoldItem(BaseModel):
    """What was sold of a product; `cost` is the price of ONE piece, tax and all."""

    model_config = _PIECE

    item: Goods
    cost: GoogleMoney


class OldAddress(BaseModel):
    """Where it goes; the postal code was kept as a number, so what zeros it began with are lost."""

    model_config = _PIECE

    street_address: PersonalText = Field(min_length=1, max_length=200)
    city: PersonalText = Field(min_length=1, max_length=100)
    state: str = Field(default="", max_length=64)
    country: str = Field(min_length=2, max_length=64)
    zip_code: int = Field(default=0, ge=0, lt=10**10)


ForeignId = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,60}$")]
"""The id that the old checkout gave its order: a UUID."""


def number(money: Money) -> Decimal:
    """Return an amount as an old answer states it: in major units, without its currency."""
    return money.decimal


def our_id(foreign: str) -> str:
    """Return the id of an order of the old checkout in our system."""
    return f"ord_{foreign}"


def foreign_id(order_id: str) -> str:
    """Return the id under which the old dashboards know an order."""
    return order_id.removeprefix("ord_")


def dumped(body: BaseModel) -> dict[str, Any]:
    """Return a body as it came, with what it had beside."""
    return body.model_dump(mode="json", by_alias=True, exclude_unset=True)
