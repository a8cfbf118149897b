"""Notification: tells customers what happened to their orders, once.

Owns messages (what is to be said, to whom, whether it left) and the contact of each order. Hears of orders and
shipments; never changes them, and never asks another service: an event carries what its message says. A message's
Message-ID derives from its event, so that whoever gets it twice sees that it is one.
"""
