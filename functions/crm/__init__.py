"""Customers: who they are, where they live, how they are told, whether they may order, what their loyalty has earned.

Owns customer records and their merging, addresses, billing profiles, standing, preferences and consents, spend, points
and tiers, and that one e-mail address is one customer. Knows the tier; what a tier takes off a price is pricing's, what
points weigh in the books accounting's. Hears of deliveries and refunds; never touches orders, payments or messages.
"""
