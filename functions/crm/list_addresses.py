"""GET /customers/{customer_id}/addresses: where a customer lives, newest first."""

from functions.crm.address_book import AddressBook, addresses_of
from functions.crm.identity import known
from shared.storage import Database
from shared.values.identifiers import CustomerId


def list_addresses(customer_id: CustomerId, db: Database) -> AddressBook:
    """List the addresses with their ids and what they are the default for; NotFound for an unknown customer."""
    return addresses_of(known(db, customer_id))
