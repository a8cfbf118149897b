"""A day of customer care: an address, a warning, terms, preferences, and two records that were one person."""

from tests.in_process import HOME, InProcess


def live(estate: InProcess) -> None:
    """Ask every route of crm that no order asks."""
    ada, sofa = (
        estate.get(f"/crm/customers?email={name}@example.com")["items"][0]["customer_id"] for name in ("ada", "sofa")
    )
    home = {"address": HOME | {"street_address": "1 Old Road"}, "default_billing": True}
    _, book = estate.post(f"/crm/customers/{ada}/addresses", home)
    estate.ask("operator", "DELETE", f"/crm/customers/{ada}/addresses/{book['items'][0]['address_id']}")
    estate.post(f"/crm/customers/{ada}/standing", {"standing": "watch", "by": "carol", "reason": "five cards"})
    estate.post(f"/crm/customers/{ada}/standing", {"standing": "bad", "by": "carol", "reason": "no such word"})
    estate.post(f"/crm/customers/{ada}/standing", {"standing": "good", "by": "carol", "reason": "they were his wife's"})
    terms = {"terms": "net_30", "by": "carol"}
    estate.ask("operator", "PUT", f"/crm/customers/{ada}/billing-profile", {**terms, "vat_id": "DE136695976"})
    estate.ask("operator", "PUT", f"/crm/customers/{ada}/billing-profile", {**terms, "vat_id": "DE136695978"})
    wishes = {"language": "de", "channels": ["email"], "marketing": False}
    estate.ask("operator", "PUT", f"/crm/customers/{ada}/preferences", wishes)
    estate.ask("operator", "PUT", f"/crm/customers/{ada}/preferences", {**wishes, "channels": ["sms"]})
    one = {"keep": ada, "merge": sofa, "by": "carol", "reason": "one person"}
    for merge in (one, one, {**one, "merge": ada}, {**one, "keep": sofa, "merge": ada}, {**one, "merge": "cus_x"}):
        estate.post("/crm/customers/merge", merge)
    for customer in (ada, sofa, "cus_x"):
        for what in ("addresses", "standing", "consents", "contact", "points", "merges"):
            estate.ask("operator", "GET", f"/crm/customers/{customer}/{what}")
    estate.ask("notification", "GET", f"/crm/customers/{ada}/contact")
    estate.deliver()
