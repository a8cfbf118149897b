"""Inventory: the master ledger of standard products (those that go by parcel).

Owns what is on hand and held of each at every location, its movements and its value, and the reservations of orders;
chooses from which locations an order is served. Never touches furniture, prices, orders or parcels: who may buy and
what leaves when is told to it.
"""
