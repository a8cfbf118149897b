"""A customer's addresses as they are listed and changed by their ids."""

from functions.crm.addresses import address_id
from functions.crm.customer import Customer
from shared.http.models import Answer, Items
from shared.values.address import Address
from shared.values.identifiers import CustomerId


class KnownAddress(Answer):
    """An address of the customer, and what it is used for if nothing else is said."""

    address_id: str
    address: Address
    default_billing: bool
    default_shipping: bool


class AddressBook(Items):
    """All addresses, newest first: ten at most, so there is no further page."""

    customer_id: CustomerId
    items: list[KnownAddress]


def addresses_of(customer: Customer) -> AddressBook:
    """Show a customer's addresses."""
    named = [(address_id(address), address) for address in customer.addresses]
    return AddressBook(
        customer_id=customer.customer_id,
        items=[
            KnownAddress(
                address_id=key,
                address=address,
                default_billing=key == customer.default_billing,
                default_shipping=key == customer.default_shipping,
            )
            for key, address in named
        ],
    )
