"""Which record a customer's id means: its own, or the one that it was merged into."""

from functions.crm.customer import Customer
from shared.errors import NotFound
from shared.storage.database import Reader


def record_of(reader: Reader, customer_id: str) -> Customer | None:
    """Return the record that this id lives on as, None if there never was one under it."""
    customer = reader.get(Customer, customer_id)
    while customer is not None and customer.merged_into is not None:
        customer = reader.get(Customer, customer.merged_into)
    return customer


def known(reader: Reader, customer_id: str) -> Customer:
    """Return the record that this id lives on as; NotFound if there never was one under it."""
    customer = record_of(reader, customer_id)
    if customer is None:
        raise NotFound(f"no customer {customer_id}")
    return customer


def owner_id(reader: Reader, customer_id: str) -> str:
    """Return the id to book under. An id nobody knows is booked as it is told: the fact is true all the same."""
    customer = record_of(reader, customer_id)
    return customer.customer_id if customer else customer_id
