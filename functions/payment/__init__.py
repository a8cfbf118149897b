"""Payment: authorizations, captures, voids, refunds, chargebacks and payouts over a payment gateway.

Owns what was asked of the gateway for an order and how it ended, and asks again for what was refused after the goods
left. Never sees a card number, only the gateway's tokens; never changes an order's state and never decides whether an
order may be paid.
"""
