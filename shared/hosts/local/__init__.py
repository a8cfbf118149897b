"""The whole estate on one machine.

Every service, the broker, the fraud function, the data warehouse, identity and schedules.
"""
