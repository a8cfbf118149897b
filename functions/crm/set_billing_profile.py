"""PUT /customers/{customer_id}/billing-profile: under which VAT id and on which terms a customer is billed."""

from pydantic import Field

from functions.crm.billing import BillingProfile, billing_profile
from functions.crm.customer import Terms
from functions.crm.identity import known
from functions.crm.vat_ids import vat_id_of
from shared.http.models import Command
from shared.storage import Transaction
from shared.values.identifiers import CustomerId
from shared.values.personal import PersonalText


class SetBillingProfile(Command):
    """The whole of it: without a VAT id there is none. `by` is who agreed to the terms."""

    vat_id: PersonalText | None = Field(default=None, min_length=4, max_length=32)
    terms: Terms
    by: str = Field(min_length=1, max_length=100)


def set_billing_profile(customer_id: CustomerId, command: SetBillingProfile, tx: Transaction) -> BillingProfile:
    """Set VAT id and terms: what a checkout says later no longer changes them. Invalid for no VAT id; NotFound."""
    vat_id = vat_id_of(command.vat_id) if command.vat_id is not None else None
    before = known(tx, customer_id)
    wanted = {"vat_id": vat_id, "terms": command.terms, "billing_by": command.by}
    customer = before.model_copy(update=wanted)
    if customer != before:
        tx.put(customer)
    return billing_profile(customer)
