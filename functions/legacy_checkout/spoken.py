"""How the old checkout and its receivers speak: camel case, plain JSON numbers, Google's money, unknown fields."""

import json
from decimal import Decimal
from typing import Annotated, Any, Self, cast

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PrivateAttr, ValidationError
from pydantic.alias_generators import to_camel

from shared.errors import BoutiqueError
from shared.http.models import Answer, Command
from shared.http.problem import invalid
from shared.values.money import Money
from shared.values.personal import PersonalText
from shared.values.text import may_hold_controls, without_controls

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
    """A body that the old checkout sends; what it has beside is passed over, and passed on in shadow mode.

    What can't be read is kept as it came, with why: in shadow mode that is the old service's to judge, and its answer
    is the caller's.
    """

    model_config = ConfigDict(**{**_CAMEL, "extra": "allow"})

    _came: bytes = PrivateAttr(b"")
    _refusal: BoutiqueError | None = PrivateAttr(None)

    @classmethod
    def from_json(cls, raw: bytes) -> Self:
        """Read a body, with spaces for control characters: the customer has paid, whatever was typed; never fails."""
        try:
            read = cls.model_validate_json(without_controls(raw) if may_hold_controls(raw) else raw)
        except ValidationError as failure:
            read = cast(Self, cls.model_construct())
            read._refusal = invalid(failure)
        read._came = raw
        return read

    @property
    def came(self) -> bytes:
        """The body, byte by byte as it came."""
        return self._came

    @property
    def said(self) -> dict[str, Any]:
        """What the body says, read or not; nothing for what is no JSON object."""
        try:
            said = json.loads(self._came or b"{}")
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}

    def checked(self) -> None:
        """Raise why it can't be read, if so: Invalid by field, BadRequest."""
        if self._refusal is not None:
            raise self._refusal


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
