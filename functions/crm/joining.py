"""What one record takes over from another of the same person."""

from datetime import datetime
from typing import Any

from functions.crm.addresses import ADDRESSES_KEPT, address_id
from functions.crm.contact import preferences_of
from functions.crm.customer import Customer
from functions.crm.preferences import DEVICES_KEPT, say
from functions.crm.standings import STRICTNESS, stand
from shared.storage import Transaction


def join(tx: Transaction, kept: Customer, merged: Customer, by: str, reason: str, now: datetime) -> Customer:
    """Return the kept record with what the other knows, in the stricter standing; preferences are joined too.

    The caller puts the customer.
    """
    _join_preferences(tx, kept.customer_id, merged.customer_id, now)
    joined = kept.model_copy(update=_addresses(kept, merged) | _billing(kept, merged))
    if STRICTNESS[merged.standing] <= STRICTNESS[kept.standing]:
        return joined
    return stand(tx, joined, merged.standing, by, merged.standing_reason or reason, now)


def _addresses(kept: Customer, merged: Customer) -> dict[str, Any]:
    """Keep ten, the kept record's first; its defaults count, then the other's if there is room for them."""
    new = [address for address in merged.addresses if not kept.lives_at(address)]
    addresses = (*kept.addresses, *new)[:ADDRESSES_KEPT]
    there = {address_id(address) for address in addresses}
    defaults = {
        "default_billing": kept.default_billing or merged.default_billing,
        "default_shipping": kept.default_shipping or merged.default_shipping,
    }
    return {"addresses": addresses} | {name: key if key in there else None for name, key in defaults.items()}


def _billing(kept: Customer, merged: Customer) -> dict[str, Any]:
    """Keep the terms that somebody agreed to with the kept record, or else with the other."""
    if kept.billing_by is None and merged.billing_by is not None:
        return {"vat_id": merged.vat_id, "terms": merged.terms, "billing_by": merged.billing_by}
    return {"vat_id": kept.vat_id or (merged.vat_id if kept.billing_by is None else None)}


def _join_preferences(tx: Transaction, kept_id: str, merged_id: str, now: datetime) -> None:
    """Take the other's if the kept record never said anything.

    If both did, marketing needs the consent of both, the kept record's language and channels count, and number and
    devices of either are known.
    """
    kept, merged = preferences_of(tx, kept_id), preferences_of(tx, merged_id)
    if merged.changed_at is None:
        return
    if kept.changed_at is None:
        wanted = merged.model_copy(update={"customer_id": kept_id, "changed_at": None})
    else:
        tokens = dict.fromkeys((*kept.device_tokens, *merged.device_tokens))
        wanted = kept.model_copy(
            update={
                "marketing": kept.marketing and merged.marketing,
                "phone": kept.phone or merged.phone,
                "device_tokens": tuple(tokens)[:DEVICES_KEPT],
            }
        )
    say(tx, kept, wanted, f"merged from {merged_id}", now)
    tx.delete(merged)
