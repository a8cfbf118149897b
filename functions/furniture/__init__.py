"""Furniture: the ledger of bulky goods (those that go by freight), their freight quotes and delivery slots.

Owns what is on hand and held of each piece of furniture at every location, its movements and value, the reservations
of orders with their slots, the freight tariff and the delivery calendar. Never touches standard stock, prices, orders
or shipments.
"""
