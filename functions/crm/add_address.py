"""POST /customers/{customer_id}/addresses: a customer lives somewhere else, or uses an address for something else."""

from functions.crm.address_book import AddressBook, addresses_of
from functions.crm.addresses import address_id
from functions.crm.identity import known
from shared.http.models import Command
from shared.storage import Transaction
from shared.values.address import Address
from shared.values.identifiers import CustomerId


class AddAddress(Command):
    """The address, and what it is from now on used for if nothing else is said."""

    address: Address
    default_billing: bool = False
    default_shipping: bool = False


def add_address(customer_id: CustomerId, command: AddAddress, tx: Transaction) -> AddressBook:
    """Add an address, or find it if it is known, and make it a default if so asked. Ten are kept; NotFound."""
    before = known(tx, customer_id)
    key, customer = address_id(command.address), before
    chosen = {
        name: key
        for name, wanted in (
            ("default_billing", command.default_billing),
            ("default_shipping", command.default_shipping),
        )
        if wanted
    }
    if any(getattr(customer, name) != value for name, value in chosen.items()):
        customer = customer.model_copy(update=chosen)
    if not customer.lives_at(command.address):
        customer = customer.moved_to(command.address)
    if customer is not before:
        tx.put(customer)
    return addresses_of(customer)
