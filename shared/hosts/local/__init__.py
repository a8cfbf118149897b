"""The whole estate on one machine: every service, the broker, the fraud function, the data warehouse, identity and schedules."""
