"""DELETE /customers/{customer_id}/addresses/{address_id}: a customer lives there no more."""

from functions.crm.address_book import AddressBook, addresses_of
from functions.crm.addresses import address_id as id_of
from functions.crm.identity import known
from shared.storage import Transaction
from shared.values.identifiers import CustomerId


def remove_address(customer_id: CustomerId, address_id: str, tx: Transaction) -> AddressBook:
    """Forget an address, and that it was a default; one that is gone already is no error. NotFound for the customer."""
    customer = known(tx, customer_id)
    left = tuple(address for address in customer.addresses if id_of(address) != address_id)
    if len(left) < len(customer.addresses):
        billing = None if customer.default_billing == address_id else customer.default_billing
        shipping = None if customer.default_shipping == address_id else customer.default_shipping
        customer = customer.model_copy(
            update={"addresses": left, "default_billing": billing, "default_shipping": shipping}
        )
        tx.put(customer)
    return addresses_of(customer)
