"""How goods leave: shipments planned, packed, dispatched, delivered or stopped.

Owns one plan per order and one document per shipment, with what that part of the order is worth to the cent.
A plan's document serialises planning, dispatching and stopping: it decides whether a shipment left before a stop.
Never touches stock (inventory and furniture chose the locations when reserving, and hear what left) or money.
"""
