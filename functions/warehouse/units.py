"""Numbers of handling units: the Serial Shipping Container Code of the GS1 General Specifications, 18 digits.

Extension digit (one per dock), company prefix, serial number, check digit (modulo 10, weights 3 and 1).
"""

from typing import ClassVar

from functions.warehouse.docks import dock, gs1_company_prefix
from shared.storage import Document, Transaction


class UnitNumbers(Document):
    """The next free serial number of a dock: each has its own, so that docks don't wait for each other."""

    collection: ClassVar[str] = "unit_numbers"
    key_field: ClassVar[str] = "location"

    location: str
    next: int = 1


def sscc(extension: int, serial: int) -> str:
    """Return the code of a dock's unit; OverflowError when the serial number outgrows its digits."""
    from stdnum import ean  # noqa: PLC0415  (only packing needs it)

    prefix = gs1_company_prefix()
    digits = 16 - len(prefix)
    if serial >= 10**digits:
        raise OverflowError(f"no dock can number more than {10**digits} units")
    number = f"{extension}{prefix}{serial:0{digits}d}"
    return number + str(ean.calc_check_digit(number))


def number_units(tx: Transaction, location: str, count: int) -> tuple[str, ...]:
    """Give out so many codes of a location's dock, none of them ever again."""
    numbers = tx.get(UnitNumbers, location) or UnitNumbers(location=location)
    first, extension = numbers.next, dock(location).extension
    numbers.next += count
    tx.put(numbers)
    return tuple(sscc(extension, serial) for serial in range(first, first + count))


def consignment_number(first: str) -> str:
    """Return the GINC of the consignment whose first unit has this code: company prefix, then a reference of ours."""
    prefix = gs1_company_prefix()
    return f"{prefix}{first[0]}{first[1 + len(prefix) : 17]}"
