"""Money: a whole number of a currency's minor unit, written as a decimal string with exactly its minor digits.

    {"currency": "USD", "amount": "19.99"}

Arithmetic is on integers, so nothing rounds by accident; whatever must be rounded says how (`times`) and whatever
must be divided names an owner for every residual cent (`apportion`).
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.values.currency import MINOR_DIGITS


class Money:
    """An amount in one currency; immutable and hashable. `minor` counts minor units (cents for USD, yen for JPY)."""

    __slots__ = ("currency", "minor")
    currency: str
    minor: int

    def __init__(self, currency: str, minor: int) -> None:
        object.__setattr__(self, "currency", currency)
        object.__setattr__(self, "minor", minor)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Money is immutable")

    @classmethod
    def of(cls, amount: str | Decimal, currency: str) -> Self:
        """Read a decimal amount; ValueError unless it has exactly the currency's minor digits or fewer."""
        digits = MINOR_DIGITS.get(currency)
        if digits is None:
            raise ValueError(f"unknown currency {currency!r}")
        try:
            scaled = Decimal(amount).scaleb(digits)
            whole = int(scaled)
        except (InvalidOperation, ValueError, OverflowError) as error:
            raise ValueError(f"not a decimal amount: {amount!r}") from error
        if whole != scaled:
            raise ValueError(f"{currency} has {digits} minor digits, got {amount!r}")
        return cls(currency, whole)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing, in the given currency."""
        return cls(currency, 0)

    @property
    def amount(self) -> str:
        """The decimal string with exactly the currency's minor digits: '19.99', '1200', '-0.500'."""
        digits = MINOR_DIGITS[self.currency]
        if digits == 0:
            return str(self.minor)
        text = f"{abs(self.minor):0{digits + 1}d}"
        return f"{'-' if self.minor < 0 else ''}{text[:-digits]}.{text[-digits:]}"

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exactly."""
        return Decimal(self.minor).scaleb(-MINOR_DIGITS[self.currency])

    def times(self, factor: Decimal | int) -> "Money":
        """Multiply and round half up (away from zero) to the minor unit: 0.125 -> 0.13, -0.125 -> -0.13."""
        product = (Decimal(self.minor) * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return Money(self.currency, int(product))

    def apportion(self, weights: Sequence[int]) -> "list[Money]":
        """Divide by weights (each >= 0) so that the parts sum to the whole: largest remainder, ties to the first.

        With all weights zero the first part gets everything. ValueError without weights.
        """
        if not weights or min(weights) < 0:
            raise ValueError("apportion needs at least one weight and none below zero")
        total = sum(weights)
        if total == 0:
            return [self, *(Money(self.currency, 0) for _ in weights[1:])]
        sign, size = (-1, -self.minor) if self.minor < 0 else (1, self.minor)
        shares = [size * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % total), i))
        for index in by_remainder[: size - sum(shares)]:
            shares[index] += 1
        return [Money(self.currency, sign * share) for share in shares]

    def _other(self, other: object) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"money and {type(other).__name__}")
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} don't add")
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.currency, self.minor + self._other(other))

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.currency, self.minor - self._other(other))

    def __mul__(self, count: int) -> "Money":
        return Money(self.currency, self.minor * count)

    def __neg__(self) -> "Money":
        return Money(self.currency, -self.minor)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._other(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._other(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and (self.currency, self.minor) == (other.currency, other.minor)

    def __hash__(self) -> int:
        return hash((self.currency, self.minor))

    def __repr__(self) -> str:
        return f"Money({self.amount} {self.currency})"

    def as_json(self) -> dict[str, str]:
        """Return the wire form: currency and decimal string."""
        return {"currency": self.currency, "amount": self.amount}

    @classmethod
    def _validated(cls, value: Any) -> "Money":
        if type(value) is Money:
            return value
        try:  # on the path of every event and document, where amounts are nearly always right
            currency, amount = value["currency"], value["amount"]
            if len(value) == 2 and type(currency) is type(amount) is str:
                return _read(currency, amount)
        except (TypeError, KeyError, IndexError):
            pass
        raise PydanticCustomError("money", 'expected {"currency": "USD", "amount": "19.99"} with a decimal string')

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validated, serialization=core_schema.plain_serializer_function_ser_schema(cls.as_json)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "object",
            "title": "Money",
            "required": ["currency", "amount"],
            "additionalProperties": False,
            "properties": {
                "currency": {"type": "string", "enum": sorted(MINOR_DIGITS)},
                "amount": {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{2,3})?$", "examples": ["19.99"]},
            },
        }


@lru_cache(maxsize=4096)
def _read(currency: str, amount: str) -> Money:
    """Read a wire amount; remembered, because the same prices come again and again and Money is immutable."""
    digits = MINOR_DIGITS.get(currency)
    if digits is None:
        raise PydanticCustomError("currency", "expected an ISO 4217 code that is in use here")
    whole, point, cents = amount.removeprefix("-").partition(".")
    plain = (whole + cents).isascii() and (whole + cents).isdecimal() and 0 < len(whole) <= 15
    if not plain or len(cents) != digits or bool(point) != bool(digits):
        raise PydanticCustomError(
            "money_amount", "expected a decimal string with exactly {digits} minor digits", {"digits": digits}
        )
    minor = int(whole + cents)
    return Money(currency, -minor if amount.startswith("-") else minor)


def total(parts: Sequence[Money], currency: str) -> Money:
    """Add up amounts of one currency; nothing adds up to zero of `currency`."""
    return Money(currency, sum(part.minor for part in parts if part._other(Money(currency, 0)) == 0))
