"""A day in notification: a customer reads in the app, a carrier reports."""

from tests.in_process import InProcess


def live(estate: InProcess) -> None:
    """Ask every route of notification that no other service asks."""
    [customer] = estate.get("/crm/customers?email=ada@example.com")["items"]
    [message, *_] = estate.get(f"/notification/inbox?customer_id={customer['customer_id']}")["items"]
    place = f"/notification/messages/{message['message_id']}"
    estate.post(f"{place}/read", {}, "gke-checkout")
    estate.post(f"{place}/delivery", {"status": "delivered"})
    estate.post("/notification/messages/evt_0.email/delivery", {"status": "delivered"})
