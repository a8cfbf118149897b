"""Pub/Sub's emulator as the estate's broker: what it does not tell (its backlog, its counters) is counted here."""
