"""Payment: authorizations, captures and voids over a payment gateway.

Owns what was asked of the gateway for an order and how it ended. Never sees a card number, only the gateway's tokens;
never changes an order's state and never decides whether an order may be paid.
"""
