"""Data warehouse: keeps every event and answers reports.

Owns the inbox of events on their way into the analytical store, the reports over it, and reconciliation: what every
service's own documents add up to against what the events say. Never writes to another service, and nothing rests on it:
whatever it holds can be built again from the events.
"""
