"""Customers: who they are, where they live, whether they may order, and what their loyalty has earned.

Owns customer profiles, their addresses, standing and loyalty tier, and that one e-mail address is one customer. Knows
the tier; what a tier takes off a price is pricing's. Never touches orders, payments or messages.
"""
