"""How goods leave and come back: shipments planned, picked, packed, booked, dispatched, delivered or stopped; returns.

Owns one plan per order and one document per shipment, with what that part of the order is worth to the cent; boxes,
bins, docks and the numbers of handling units; what carriers saw. A plan's document serialises planning, dispatching
and stopping: it decides whether a shipment left before a stop. Never touches stock (inventory and furniture chose the
locations when reserving, find missing pieces elsewhere, and hear what left and came back) or money.
"""
