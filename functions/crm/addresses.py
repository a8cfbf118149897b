"""Addresses of a customer: when two are the same one, and the name by which one is spoken of."""

from hashlib import sha256

from shared.values.address import Address

ADDRESSES_KEPT = 10


def comparable(address: Address) -> tuple[str, ...]:
    """Return what makes two addresses the same: their parts, whatever the capitals and spaces."""
    parts = (address.street_address, address.city, address.state or "", address.country, address.zip_code)
    return tuple(" ".join(part.split()).casefold() for part in parts)


def address_id(address: Address) -> str:
    """Return an address's id, made of what it says: whoever adds it twice has it once."""
    said = "\n".join(comparable(address))
    return f"adr_{sha256(said.encode()).hexdigest()[:20]}"
